import type { Observable, Subscription } from 'rxjs';
import { subscribeOwned } from '../subscribeOwned.js';

/** The step that follows the end of work. It is made after the teardown of the work. */
export type Move = () => void;

/** Gets the events of work. `failed` and `completed` return the step that follows. */
export interface Following {
  emitted(value: unknown): void;
  failed(error: unknown): Move;
  completed(): Move;
  /** A teardown of the work threw. */
  threw(error: unknown): void;
}

/**
 * Subscribes to work until `owner` is unsubscribed. When the work has ended and its teardown has returned, calls `go` with
 * the step that follows; for synchronous work, inside this call. As in `concatMap`, the next work does not overlap.
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
  // the work ended inside `subscribe`: only now has its teardown returned
  if (move !== undefined) go(move);
};
