import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';

/** The users of a key, in the order in which they asked. The first one has the lease, the others wait. */
type Queue = Set<() => void>;

/** Shared by all copies of the library in a program: the ESM and the CJS copy may use the same store or folder. */
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
 * Calls `begin` immediately if the key is free, otherwise inside the `end` of the previous user. `begin` must not throw. It
 * must make sure that `end` is called when everything is released. A second call of `end` does nothing.
 *
 * Returns a function that stops waiting. After `begin` was called it does nothing.
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
 * A cold Observable that has the lease of `key` from its subscription until the end of its release. So `retry()` does not
 * find its own port in use.
 *
 * `open` starts the work and returns its teardown. After the teardown, when everything is closed, `end` must be called
 * once. If `open` throws, the subscription errors and the lease ends.
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
