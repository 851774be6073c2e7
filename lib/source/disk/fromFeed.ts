import { Observable, type NextObserver } from 'rxjs';
import { followLevel } from '../../flow/level/followLevel.js';
import type { Notice } from '../../flow/contract/Notice.js';
import { lease } from '../../flow/lease.js';
import { reporter } from '../../flow/reporter.js';
import type { Feed } from './Feed.js';

/**
 * Turns a feed into a cold Observable that `pause$` can pause.
 *
 *                    ┌───────── pause$ ─────────┐
 *     idle ──run──► emitting ──nothing at hand──► fetching ──more──► emitting …
 *                    └──paused──► idle            └──end──► ended: completes
 *
 * A  There is one state at a time. `run` starts only from `idle`, so a level that changes inside `next` cannot re-enter it.
 * B  While paused nothing is emitted and no fetch starts. A fetch in flight continues, and its values are kept.
 * C  Emitting is a loop: no recursion, and no Promise per value.
 * D  A failure of the feed's background work ends the stream immediately, paused or not. After unsubscription the failure
 *    is reported (promise B10).
 * E  A feed with `into` may complete later than its last value, or never. Until then its failures reach the consumer.
 * F  A subscription fetches nothing until earlier ones have released the resource (promise L1).
 */
export const fromFeed = <T>(
  open: () => Feed<T>,
  options: {
    /** The name of the resource in a `Released` notice. */
    readonly what: string;
    readonly pause$?: Observable<boolean> | undefined;
    readonly notices?: NextObserver<Notice> | undefined;
    /** Returns the key of the resource for its lease. Called by each subscription. Default: one key per Observable. */
    readonly key?: () => string;
  },
): Observable<T> => {
  const { what, pause$, notices } = options;
  const ownKey = {};

  return new Observable<T>(subscriber => {
    const feed = open();
    const key = options.key?.() ?? ownKey;
    const { notify, failed: report } = reporter<T>(notices, { id: 0, key: 0, name: what });
    let state: 'idle' | 'emitting' | 'fetching' | 'ended' = 'fetching';
    let isPaused = false;
    /** The consumer got an error. Later failures most likely have the same cause. */
    let isHeard = false;

    const fail = (error: unknown) => {
      if (subscriber.closed) {
        report([], error, 1, isHeard);
        return;
      }
      isHeard = true;
      subscriber.error(error);
    };

    const run = () => {
      if (state !== 'idle') return;
      state = 'emitting';
      try {
        while (!isPaused && !subscriber.closed) {
          const value = feed.take();
          if (value === undefined) {
            fetch(feed.more());
            return;
          }
          output.next(value);
        }
      } catch (error) {
        fail(error);
        return;
      }
      state = 'idle';
    };

    const fetch = (more: Promise<boolean>) => {
      state = 'fetching';
      more.then(
        isMore => {
          state = isMore ? 'idle' : 'ended';
          if (isMore) run();
          else output.complete();
        },
        // A consumer that has unsubscribed loses nothing if a fetch fails.
        (error: unknown) => subscriber.closed || fail(error),
      );
    };

    const output = feed.into?.(subscriber) ?? subscriber;
    if (pause$ !== undefined) {
      const onPause = (now: boolean) => {
        isPaused = now;
        if (!now) run();
      };
      subscriber.add(followLevel(pause$, onPause, fail));
    }
    subscriber.add(() => {
      const closed = feed.close().catch(fail);
      lease(key, end => void closed.then(end));
      void closed.then(() => notify({ type: 'Released', what }));
    });
    fetch(
      released(key).then(async () => {
        if (!subscriber.closed) await feed.open?.(fail);
        return true;
      }),
    );
  });
};

/** Resolves when no release of the resource is in progress. It may be in use: two subscriptions may read the same files. */
const released = (key: object | string): Promise<void> =>
  new Promise(resolve => {
    lease(key, end => {
      end();
      resolve();
    });
  });
