import { BehaviorSubject, Observable, type TeardownLogic } from 'rxjs';
import { catchRejection } from '../catchRejection.js';
import { OptionError } from '../contract/OptionError.js';
import { aFunction, checkOption, checkOptions, needed, observer, type Checks } from '../contract/options.js';
import { DELIVERY } from '../contract/deliveryOptions.js';
import type { OpenedSource } from '../contract/Pausable.js';
import { followLevel } from '../level/followLevel.js';
import { ignoreOutcome } from '../mailbox/Work.js';
import { mailboxStream } from '../mailboxStream.js';
import type { FromPushOptions } from './FromPushOptions.js';

/**
 * The functions that end the source. Buffered values are emitted first.
 * @see node_modules/rx-event-broker/docs/operators/fromPush.md
 */
export interface PushEnd {
  /** Completes the source. It takes no argument, so it can be used as a listener directly. */
  readonly complete: () => void;
  /** Errors the source. */
  readonly error: (error: unknown) => void;
}

const { name, capacity, capacityBytes, overflow, missed } = DELIVERY as Required<typeof DELIVERY>;
const OPTIONS = {
  name,
  capacity,
  capacityBytes,
  overflow,
  missed,
  sizeOf: aFunction,
  pause: aFunction,
  resume: aFunction,
  notices: observer,
} as Checks;

/**
 * Turns a push producer into a source that can be paused: a WebSocket, an EventEmitter, a DOM listener. Values pushed while
 * the consumer is full wait in a buffer. Values that do not fit are dropped, counted and reported (promise I3).
 *
 *     pushed    a-b-c-d-e-f-|
 *     pause$    --t-------f--
 *     fromPush  a---------(bc)f-|      capacity 2, dropNewest: d and e are dropped; `missed` reports it before f
 *
 * `open` is called at each subscription, and returns its teardown. `pause` and `resume` pause and resume the producer. Values
 * that it pushes in spite of `pause` are buffered, too.
 *
 * Errors with the error of `open`, `pause`, `resume` or `pause$`. Throws `OptionError`.
 *
 * @param open - Called at each subscription with `push` and the functions that end the source; returns the teardown.
 * @param options - The bounds of the buffer, and how to pause. All optional.
 * @example
 * ```ts
 * const prices = fromPush<Price>(
 *   push => channel.consume((_, text) => push(parse(text))),
 *   { capacity: 1000, overflow: 'dropOldest' },
 * );
 * broker.receive(prices).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/fromPush.md
 */
export const fromPush = <T>(
  open: (push: (value: T) => void, end: PushEnd) => TeardownLogic,
  options: FromPushOptions<T> = {},
): OpenedSource<T> => {
  checkOption('open', open, needed(aFunction));
  const { pause, resume, ...bound } = checkOptions('fromPush', options, OPTIONS);
  const heldBy = (hold$: Observable<boolean>) =>
    mailboxStream<T, T>({
      operator: 'fromPush',
      delivery: { ...bound, required: false, hold$ },
      start: (value, subscriber) => {
        subscriber.next(value);
      },
    });
  heldBy(new Observable()); // checks the bounds in this call

  return pause$ =>
    new Observable(subscriber => {
      const hold$ = new BehaviorSubject(false);
      let isOpen = false;
      let isWaiting = false;
      let failure: { readonly error: unknown } | undefined;
      const fail = (error: unknown): void => subscriber.error(error);

      const askToWait = (): void => {
        if (!isOpen || subscriber.closed || isWaiting === hold$.value) return;
        isWaiting = hold$.value;
        try {
          // `unknown`: an `async` function is assignable to one that returns `void`
          const returned: unknown = (isWaiting ? pause : resume)?.();
          catchRejection(returned, fail);
        } catch (error) {
          fail(error);
        }
      };
      const onLevel = (level: boolean): void => {
        // buffered values come first: emitting them may pause the source again
        hold$.next(level);
        askToWait();
      };
      subscriber.add(followLevel(pause$, onLevel, fail));
      if (subscriber.closed) return;

      const pushed$ = new Observable<T>(inner => {
        isOpen = true;
        const teardown: unknown = open(value => inner.next(value), {
          complete: () => inner.complete(),
          error: error => {
            failure ??= { error };
            inner.complete();
          },
        });
        if (!isTeardown(teardown)) {
          ignoreOutcome(teardown);
          throw new OptionError('open', 'a function that returns its teardown, or nothing', teardown);
        }
        inner.add(teardown);
      });
      subscriber.add(
        heldBy(hold$)(pushed$).subscribe({
          next: value => subscriber.next(value),
          error: fail,
          complete: () => {
            if (failure === undefined) subscriber.complete();
            else fail(failure.error);
          },
        }),
      );
      askToWait();
    });
};

/** Whether RxJS can run `value` as a teardown. The Promise of an `async` function is none. */
const isTeardown = (value: unknown): value is TeardownLogic =>
  value === undefined ||
  value === null ||
  typeof value === 'function' ||
  typeof (value as { readonly unsubscribe?: unknown }).unsubscribe === 'function';
