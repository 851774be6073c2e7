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
 * How what pushes says that it has ended. What waits is emitted first.
 * @see node_modules/rx-event-broker/docs/operators/fromPush.md
 */
export interface PushEnd {
  /** The source completes. It takes no argument, so it may be a listener as it is. */
  readonly complete: () => void;
  /** The source errors. */
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
 * Turns something that pushes into a source that can be paused: a WebSocket, an EventEmitter, a listener of the DOM. Values
 * that it pushes while the consumer is full wait in a buffer. Those that do not fit are dropped, counted and reported
 * (promise I3).
 *
 *     pushed    a-b-c-d-e-f-|
 *     pause$    --t-------f--
 *     fromPush  a---------(bc)f-|      capacity 2, dropNewest: d and e are dropped; `missed` reports it before f
 *
 * `open` is called at each subscription, and returns its teardown. `pause` and `resume` ask it to wait and to go on. Values that
 * it pushes in spite of `pause` wait in the buffer, too.
 *
 * Errors with what `open`, `pause`, `resume` and `pause$` fail with. Throws `OptionError`.
 *
 * @param open - Called at each subscription, with a function to push and one for each end; returns the teardown.
 * @param options - The bound, and how to pause. All optional.
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
      emits: false,
    });
  heldBy(new Observable()); // checks a bound in bytes, at the call

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
          // an `async` function is one that returns nothing, for the types
          const returned: unknown = (isWaiting ? pause : resume)?.();
          catchRejection(returned, fail);
        } catch (error) {
          fail(error);
        }
      };
      const onLevel = (level: boolean): void => {
        // when it falls, what waits goes first, which may raise it again
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

/** RxJS calls at the end what it was given, whatever it is. An `async` function gives a Promise, and never a teardown. */
const isTeardown = (value: unknown): value is TeardownLogic =>
  value === undefined ||
  value === null ||
  typeof value === 'function' ||
  typeof (value as { readonly unsubscribe?: unknown }).unsubscribe === 'function';
