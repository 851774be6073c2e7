import type { Observable, Subscription } from 'rxjs';
import { subscribeOwned } from '../subscribeOwned.js';

/** What follows when work has ended. It is done when the work has released what it held. */
export type Move = () => void;

/** What happens to work. */
export interface Following {
  emitted(value: unknown): void;
  failed(error: unknown): Move;
  completed(): Move;
  /** A teardown of the work threw. */
  threw(error: unknown): void;
}

/**
 * Subscribes to work for as long as `owner` lives. When it has ended and its teardown has returned, `go` gets the move that
 * follows, maybe before this returns. As in `concatMap`, what comes next does not overlap with it.
 */
export const followWork = (
  owner: Subscription,
  work$: Observable<unknown>,
  following: Following,
  go: (move: Move) => void,
): void => {
  let move: Move | undefined;
  let isSubscribing = true;
  subscribeOwned(
    owner,
    work$,
    {
      next: value => following.emitted(value),
      error: error => {
        move = following.failed(error);
      },
      complete: () => {
        move = following.completed();
      },
    },
    error => following.threw(error),
    () => {
      if (!isSubscribing && move !== undefined) go(move);
    },
  );
  isSubscribing = false;
  // it ended while it was subscribed to: only now has its teardown returned
  if (move !== undefined) go(move);
};
