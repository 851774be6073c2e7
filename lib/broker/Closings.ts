import { Subject, Subscription, take, type Observable } from 'rxjs';
import { abortOf } from '../flow/abortOf.js';
import type { Signal } from '../flow/contract/Signal.js';
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
 * Calls `close` at the first value of a `closed$` (promise B5), or when a `signal` is aborted (promise I1).
 *
 * Removing one observer of a Subject, or one listener of a signal, takes linear time. A signal also warns of its eleventh
 * listener. So subscribers with the same Subject or signal share one subscription to it, and closing n of them takes n
 * steps. Other Observables may replay or be cold, so each subscriber has a subscription of its own.
 */
export class Closings {
  readonly #shared = new Map<object, Shared>();

  add(owner: Subscription, closed$: Observable<unknown>, close: () => void, broken: Closing['broken']): void {
    if (Object.getPrototypeOf(closed$) === Subject.prototype) this.#join(owner, closed$, closed$, { close, broken });
    else subscribeOwned(owner, closed$.pipe(take(1)), { next: close, error: broken });
  }

  addSignal(owner: Subscription, signal: Signal, close: () => void, broken: Closing['broken']): void {
    this.#join(owner, signal, abortOf(signal), { close, broken });
  }

  #join(owner: Subscription, key: object, closed$: Observable<unknown>, closing: Closing): void {
    const shared = this.#shared.get(key) ?? this.#open(key, closed$, closing);
    shared.closings.add(closing);
    owner.add(() => {
      shared.closings.delete(closing);
      if (shared.closings.size > 0) return;
      shared.subscription.unsubscribe();
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    });
  }

  #open(key: object, closed$: Observable<unknown>, first: Closing): Shared {
    const shared: Shared = { subscription: new Subscription(), closings: new Set([first]) };
    this.#shared.set(key, shared);
    // whoever comes while these are closed has a subscription of its own: this one does not emit again
    const end = (closeEach: (closing: Closing) => void): void => {
      this.#shared.delete(key);
      for (const closing of [...shared.closings]) closeEach(closing);
    };
    subscribeOwned(shared.subscription, closed$, {
      next: () => end(({ close }) => close()),
      error: error => end(({ broken }) => broken(error)),
    });
    return shared;
  }
}
