import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

/** Those who use a key or wait for it, in the order in which they asked; the first one has it. */
type Queue = Set<() => void>;

/** Shared by all copies of the library in a program: an ES module and a CommonJS one may use the same store or folder. */
const QUEUES = Symbol.for('rx-event-broker: leases');
const shared = globalThis as {
  [QUEUES]?: { readonly byObject: WeakMap<object, Queue>; readonly byText: Map<string, Queue> };
};
const { byObject, byText } = (shared[QUEUES] ??= { byObject: new WeakMap(), byText: new Map() });

/**
 * Takes a lease of `key`, an object or a text: one user at a time, in the order in which they asked (promise L1).
 *
 *     first     ──begin──────────end
 *     second            lease┄┄┄┄begin──────end
 *
 * Calls `begin` immediately if the key is free, otherwise inside the `end` of the user before. `begin` must not throw,
 * and must see to it that `end` is called when everything is released; a second call of `end` does nothing.
 *
 * Returns a function that stops waiting. It does nothing once `begin` was called.
 */
export const lease = (key: object | string, begin: (end: () => void) => void): (() => void) => {
  const queue = queueOf(key);
  let isWaiting = true;
  const start = (): void => {
    isWaiting = false;
    begin(end);
  };
  const end = (): void => {
    if (!queue.delete(start)) return;
    const [next] = queue;
    if (next === undefined) queuesFor(key).delete(key);
    else next();
  };
  queue.add(start);
  if (queue.size === 1) start();
  return () => {
    if (isWaiting) queue.delete(start);
  };
};

/**
 * A cold Observable that holds a lease of `key` from its subscription until its release has finished, so that `retry()`
 * does not find its own port in use.
 *
 * `open` starts the work and returns its teardown. It must have `end` called once after the teardown, when everything is
 * closed. If `open` throws, the subscription errors and the lease ends.
 */
export const leased = <T>(
  key: object | string,
  open: (subscriber: Subscriber<T>, end: () => void) => TeardownLogic,
): Observable<T> =>
  new Observable<T>(subscriber =>
    lease(key, end => {
      let teardown: TeardownLogic;
      try {
        teardown = open(subscriber, end);
      } catch (error) {
        end();
        subscriber.error(error);
        return;
      }
      subscriber.add(teardown);
    }),
  );

/** An object must not be kept in memory by its queue. */
const queuesFor = (key: object | string) =>
  (typeof key === 'string' ? byText : byObject) as Pick<Map<object | string, Queue>, 'get' | 'set' | 'delete'>;

const queueOf = (key: object | string): Queue => {
  const queues = queuesFor(key);
  const queue = queues.get(key) ?? new Set();
  queues.set(key, queue);
  return queue;
};
