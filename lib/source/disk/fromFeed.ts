import { Observable, type NextObserver } from 'rxjs';
import { followLevel } from '../../flow/followLevel.js';
import type { Notice } from '../../flow/Notice.js';
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
 * 4  A subscription fetches nothing before those that are gone have released theirs (promise L1).
 */
export const fromFeed = <T>(
  open: () => Feed<T>,
  options: {
    /** What a `Released` notice names. */
    readonly what: string;
    readonly pause$?: Observable<boolean> | undefined;
    readonly notices?: NextObserver<Notice> | undefined;
    /** Default: one of the Observable's own. */
    readonly release?: Release;
  },
): Observable<T> => {
  const { what, pause$, notices, release = { done: Promise.resolve() } } = options;

  return new Observable<T>(subscriber => {
    const feed = open();
    let state: 'idle' | 'emitting' | 'fetching' = 'fetching';
    let paused = false;

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
        subscriber.error(error);
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
        (error: unknown) => subscriber.error(error),
      );
    };

    if (pause$ !== undefined) {
      const onPause = (now: boolean) => {
        paused = now;
        if (!now) run();
      };
      subscriber.add(followLevel(pause$, onPause, error => subscriber.error(error)));
    }
    subscriber.add(() => {
      // A handle that cannot be closed was only read: nothing is lost by it.
      const closed = feed.close().catch(() => {});
      release.done = Promise.all([release.done, closed]).then(() => {});
      void closed.then(() => notices?.next({ type: 'Released', what }));
    });
    fetch(
      release.done.then(async () => {
        if (!subscriber.closed) await feed.open?.();
        return true;
      }),
    );
  });
};
