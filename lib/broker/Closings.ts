import { Subject, Subscription, take, type Observable } from 'rxjs';
import { subscribeOwned } from '../flow/subscribeOwned.js';

interface Closing {
  readonly close: () => void;
  readonly broken: (error: unknown) => void;
}

interface Shared {
  readonly subscription: Subscription;
  readonly closings: Set<Closing>;
}

/**
 * Calls `close` at the first value of a `closed$` (promise B5).
 *
 * A Subject takes as long to forget an observer as it has observers. So subscribers that share a Subject share one
 * subscription to it, and closing n of them takes n steps. What replays, or is cold, is subscribed to by each.
 */
export class Closings {
  readonly #shared = new Map<Observable<unknown>, Shared>();

  add(owner: Subscription, closed$: Observable<unknown>, close: () => void, broken: Closing['broken']): void {
    if (Object.getPrototypeOf(closed$) !== Subject.prototype) {
      subscribeOwned(owner, closed$.pipe(take(1)), { next: close, error: broken });
      return;
    }
    const closing: Closing = { close, broken };
    const shared = this.#shared.get(closed$) ?? this.#open(closed$, closing);
    shared.closings.add(closing);
    owner.add(() => {
      shared.closings.delete(closing);
      if (shared.closings.size === 0) this.#end(closed$, shared);
    });
  }

  #open(closed$: Observable<unknown>, first: Closing): Shared {
    const shared: Shared = { subscription: new Subscription(), closings: new Set([first]) };
    this.#shared.set(closed$, shared);
    subscribeOwned(shared.subscription, closed$, {
      next: () => {
        for (const { close } of [...shared.closings]) close();
      },
      error: error => {
        for (const { broken } of [...shared.closings]) broken(error);
      },
      complete: () => this.#end(closed$, shared),
    });
    return shared;
  }

  #end(closed$: Observable<unknown>, shared: Shared): void {
    shared.subscription.unsubscribe();
    if (this.#shared.get(closed$) === shared) this.#shared.delete(closed$);
  }
}
