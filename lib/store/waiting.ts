import { Subscription } from 'rxjs';
import { isWork, workOf } from '../flow/mailbox/Work.js';

/** What waits for the work of subscribers, one at a time. */
export interface Waiting {
  /** Resolves once `work` is done, or is left. Rejects with what it failed with. Never throws. */
  readonly wait: (work: unknown) => Promise<unknown>;
  /** Leaves an Observable that is waited for. A Promise cannot be left: who waits for it goes on doing so. Never throws. */
  readonly leave: () => void;
}

/** `thrown` is told what teardowns throw, which harms nothing. */
export const waiting = (thrown: (error: unknown) => void): Waiting => {
  let leave = (): void => undefined;
  const complete = (work: unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      const subscription = new Subscription();
      leave = () => {
        leave = () => undefined;
        resolve();
        try {
          subscription.unsubscribe();
        } catch (error) {
          thrown(error);
        }
      };
      let done = false;
      try {
        const subscribed = workOf(work).subscribe({
          error: reject,
          complete: () => {
            done = true;
            resolve();
          },
        });
        subscription.add(subscribed);
      } catch (error) {
        if (done || subscription.closed) thrown(error);
        else throw error;
      }
    });
  return {
    wait: async work => {
      if (!isWork(work)) return undefined;
      if (typeof (work as { readonly then?: unknown }).then === 'function') return work;
      return complete(work);
    },
    leave: () => {
      leave();
    },
  };
};
