import { Subscription } from 'rxjs';
import { isWork, workOf } from '../flow/mailbox/Work.js';

/** Waits for the work of subscribers, one at a time. */
export interface Waiting {
  /** Resolves when `work` has finished or `leave` is called. Rejects with the error of the work. Never throws. */
  readonly wait: (work: unknown) => Promise<unknown>;
  /** Unsubscribes from an Observable that is waited for. A Promise cannot be cancelled, so it is still awaited. Never throws. */
  readonly leave: () => void;
}

/** `thrown` gets the errors of teardowns; they do not affect the work. */
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
      let isDone = false;
      try {
        const subscribed = workOf(work).subscribe({
          error: reject,
          complete: () => {
            isDone = true;
            resolve();
          },
        });
        subscription.add(subscribed);
      } catch (error) {
        if (isDone || subscription.closed) thrown(error);
        else throw error;
      }
    });
  return {
    wait: async work => {
      if (!isWork(work)) return undefined;
      if (typeof (work as { readonly then?: unknown }).then === 'function') return work;
      return complete(work);
    },
    leave: () => leave(),
  };
};
