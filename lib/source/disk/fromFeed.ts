import { Observable, type NextObserver } from 'rxjs';
import { followLevel } from '../../flow/level/followLevel.js';
import type { Notice } from '../../flow/contract/Notice.js';
import { reporter } from '../../flow/reporter.js';
import type { Feed } from './Feed.js';

/** The release of those that are gone, shared by all that open the same thing. */
export interface Release {
  done: Promise<void>;
}

/**
 * A cold Observable of a feed, with a brake.
 *
 *                    ┌───────── pause$ ─────────┐
 *     idle ──run──► emitting ──nothing at hand──► fetching ──more──► emitting …
 *                    └──paused──► idle            └──end──► complete
 *
 * 1  One of them at a time: `run` does nothing but in `idle`, so a level that changes inside `next` cannot re-enter.
 * 2  While paused nothing is emitted and no fetch begins; one that is under way is kept.
 * 3  Emitting is a loop: no recursion, no Promise a value.
 * 4  What fails in the feed's own work ends it at once, paused or not. Once nobody listens it is reported (promise B10).
 * 5  A subscription fetches nothing before those that are gone have released theirs (promise L1).
 */
export const fromFeed = <T>(
  open: () => Feed<T>,
  options: {
    /** What a `Released` notice names. */
    readonly what: string;
    readonly pause$?: Observable<boolean> | undefined;
    readonly notices?: NextObserver<Notice> | undefined;
    /** Looked up by each subscription. Default: one of the Observable's own. */
    readonly release?: () => Release;
  },
): Observable<T> => {
  const { what, pause$, notices } = options;
  const ownRelease = { done: Promise.resolve() };

  return new Observable<T>(subscriber => {
    const feed = open();
    const release = options.release?.() ?? ownRelease;
    const { notify, failed: report } = reporter<T>(notices, { id: 0, key: 0, name: what });
    let state: 'idle' | 'emitting' | 'fetching' = 'fetching';
    let paused = false;
    /** Its consumer got an error: what fails after that most likely has the same cause. */
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
        while (!paused && !subscriber.closed) {
          const value = feed.take();
          if (value === undefined) {
            fetch(feed.more());
            return;
          }
          subscriber.next(value);
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
          state = 'idle';
          if (isMore) run();
          else subscriber.complete();
        },
        // Who has left before it was open has lost nothing.
        (error: unknown) => subscriber.closed || fail(error),
      );
    };

    if (pause$ !== undefined) {
      const onPause = (now: boolean) => {
        paused = now;
        if (!now) run();
      };
      subscriber.add(followLevel(pause$, onPause, fail));
    }
    subscriber.add(() => {
      const closed = feed.close().catch(fail);
      release.done = Promise.all([release.done, closed]).then(() => {});
      void closed.then(() => notify({ type: 'Released', what }));
    });
    fetch(
      release.done.then(async () => {
        if (!subscriber.closed) await feed.open?.(fail);
        return true;
      }),
    );
  });
};
