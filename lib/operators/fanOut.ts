import { asyncScheduler, Observable, type NextObserver, type SchedulerLike } from 'rxjs';
import type { Notice } from '../flow/Notice.js';
import { checkOption, checkOptions, count, level, milliseconds, needed, observer, scheduler } from '../flow/options.js';
import { notifier } from '../flow/reporter.js';
import type { Pausable } from '../flow/Pausable.js';
import { checkSource, type Source } from '../flow/Source.js';
import { fanOutRound, type Round } from './fanOutRound.js';

/** Options of `fanOut`. */
export interface FanOutOptions<T> {
  /** The source is opened when so many branches are there (promise F1). At least 1. */
  readonly expectedSubscribers: number;
  /** Events that a branch may hold; a full one pauses the source (promise F3). Default 1000, at least 1. */
  readonly bufferSize?: number;
  /**
   * Bytes that a branch may hold where the values are bytes (promise F3): at half of it or more it is not resumed, at all
   * of it it pauses the source. Default 64 MiB, at least 1. Other values weigh nothing.
   */
  readonly bufferBytes?: number;
  /** Milliseconds after which branches that do not come, and stand still, are announced. Default: never. */
  readonly stallAfter?: number;
  /** Times `stallAfter`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly notices?: NextObserver<Notice<NoInfer<T>>>;
}

/**
 * One source for a known number of branches, none of which loses anything.
 *
 *     source     a-b-c-|
 *     branch 1   a-b-c-|
 *     branch 2   a-b-c-|      each with a pause$ and a bounded buffer of its own
 *
 * It gives a `Pausable` again: every branch brings its own `pause$`. The source is opened once, when the expected number
 * of branches is there (F1), and released when the last one leaves (F5). A branch that is paused keeps up to
 * `bufferSize` events; then it pauses the source, and so everybody (F3): branches must not wait for each other. Error
 * and completion reach every branch after what it still holds (F4). When a round is over the next one may begin, so
 * `retry` or `repeat` of all branches opens the source again (F7).
 *
 * One branch too many gets a `FanOutFullError`; one that comes into a running round a `FanOutStartedError` (F2). A plain
 * Observable has no brake: past 65,536 pending events in a branch the round ends with a `BacklogFullError`.
 */
export const fanOut = <T>(source: Source<T>, options: FanOutOptions<T>): Pausable<T> => {
  checkSource(source);
  const read = checkOptions('fanOut', options, {
    expectedSubscribers: needed(count(1)),
    bufferSize: count(1),
    bufferBytes: count(1),
    stallAfter: milliseconds,
    scheduler,
    notices: observer,
  });
  const config = {
    expectedSubscribers: read.expectedSubscribers,
    bufferSize: read.bufferSize ?? 1000,
    bufferBytes: read.bufferBytes ?? 64 * 1024 ** 2,
    stallAfter: read.stallAfter ?? Infinity,
    scheduler: read.scheduler ?? asyncScheduler,
    notify: notifier(read.notices),
  };
  let round: Round<T> | undefined;
  return pause$ => {
    checkOption('pause$', pause$, needed(level));
    return new Observable(subscriber => {
      round ??= fanOutRound(source, config, () => {
        round = undefined;
      });
      round.join(subscriber, pause$);
    });
  };
};
