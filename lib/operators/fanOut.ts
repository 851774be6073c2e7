import { asyncScheduler, Observable, type NextObserver, type SchedulerLike } from 'rxjs';
import type { Inspector } from '../flow/contract/Inspector.js';
import type { Notice } from '../flow/contract/Notice.js';
import {
  aFunction,
  aSettlement,
  checkOption,
  checkOptions,
  choice,
  count,
  having,
  level,
  milliseconds,
  needed,
  observer,
  scheduler,
} from '../flow/contract/options.js';
import { isObserved, notifier, writeError } from '../flow/reporter.js';
import type { OpenedSource } from '../flow/contract/Pausable.js';
import { checkSource, type Source } from '../flow/contract/Source.js';
import { fanOutRound, type Round } from './fanOutRound.js';

/**
 * Options of `fanOut`.
 * @see node_modules/rx-event-broker/docs/operators/fanOut.md
 */
export interface FanOutOptions<T> {
  /**
   * The number of branches. The source is opened when all of them have subscribed (promise F1). At least 1.
   */
  readonly expectedSubscribers: number;
  /**
   * The most values that a branch buffers; a full branch pauses the source (promise F3: nothing is dropped). Default 1000,
   * at least 1.
   */
  readonly bufferSize?: number;
  /**
   * The most bytes that a branch buffers. A full branch pauses the source until only half of them are left (promise F3).
   * Default 64 MiB, at least 1.
   */
  readonly bufferBytes?: number;
  /**
   * Returns the size of a value in bytes; called once per branch when the value arrives. If it throws, or returns anything
   * but a number of at least 0, the branches end with an error. Default: the `byteLength` of a `Uint8Array` or another
   * view; other values count as 0 bytes.
   */
  readonly sizeOf?: (value: NoInfer<T>) => number;
  /** Milliseconds without progress, or with branches missing, after which a notice is emitted. Default: never. */
  readonly stallAfter?: number;
  /** Times `stallAfter`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /**
   * Receives `Waiting`, `Stalled`, `Saturated`, `Clear` and `Unsettled`. Default: none; an `Unsettled` goes to
   * `console.error`.
   */
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
  /**
   * `'none'`: in a branch that is opened without a settlement, a value is settled when it is handed over. Default: such a
   * branch is a `NotSettledError` if the source waits for settlements (promise K4).
   */
  readonly settlement?: 'none';
  /** Records what happens (promise Y1): an `inspector()` of `rx-event-broker/inspect`. Default: nothing is recorded. */
  readonly inspect?: Inspector;
}

/**
 * Shares one source among a known number of branches. No branch loses a value.
 *
 *     source     a-b-c-|
 *     branch 1   a-b-c-|
 *     branch 2   a-b-c-|      each with its own pause$ and its own bounded buffer
 *
 * The result is a `Pausable`: each branch brings its own `pause$`. The source is opened once, when the expected number of
 * branches has subscribed (promise F1). It is unsubscribed from when the last branch leaves (F5). A paused branch buffers
 * up to `bufferSize` values. Then it pauses the source, and with it all branches (F3), so branches must not wait for each
 * other. An error or the completion reaches a branch after the values in its buffer (F4). After the end of a round the
 * next one may start: `retry` or `repeat` of all branches opens the source again (F7).
 *
 * An extra branch gets `FanOutFullError`; a branch that joins a running round gets `FanOutStartedError` (F2). If the source
 * cannot be paused, more than 65,536 pending values in a branch end the round with `BacklogFullError`. Throws
 * `OptionError`.
 *
 * @param source - Opened once per round, for all branches.
 * @param options - The number of branches, and the bounds of their buffers.
 * @example
 * ```ts
 * const branch = fanOut(source, { expectedSubscribers: 2 });
 * broker.receive(branch).subscribe();
 * backpressure(branch, {
 *   required: true,
 *   project: event => archive(event),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/operators/fanOut.md
 */
export const fanOut = <T>(source: Source<T>, options: FanOutOptions<T>): OpenedSource<T> => {
  checkSource(source);
  const read = checkOptions('fanOut', options, {
    expectedSubscribers: needed(count(1)),
    bufferSize: count(1),
    bufferBytes: count(1),
    sizeOf: aFunction,
    stallAfter: milliseconds,
    scheduler,
    notices: observer,
    settlement: choice('none'),
    inspect: having('an inspector, as inspector() returns it', 'opened'),
  });
  const notify = notifier<T>(read.notices);
  const config = {
    expectedSubscribers: read.expectedSubscribers,
    bufferSize: read.bufferSize ?? 1000,
    bufferBytes: read.bufferBytes ?? 64 * 1024 ** 2,
    sizeOf: read.sizeOf,
    stallAfter: read.stallAfter ?? Infinity,
    scheduler: read.scheduler ?? asyncScheduler,
    notify,
    unsettled: (what: string) => {
      if (isObserved(read.notices)) notify({ type: 'Unsettled', what });
      else writeError('a fan-out settles nothing more, and nobody observes its notices', what);
    },
    settlement: read.settlement,
    inspect: read.inspect,
  };
  let round: Round<T> | undefined;
  return (pause$, settlement) => {
    checkOption('pause$', pause$, needed(level));
    checkOption('settlement', settlement, aSettlement);
    return new Observable(subscriber => {
      round ??= fanOutRound(source, config, () => {
        round = undefined;
      });
      round.join(subscriber, pause$, settlement);
    });
  };
};
