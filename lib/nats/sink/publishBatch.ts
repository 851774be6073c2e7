import type { Outgoing, OutgoingOwner } from './Outgoing.js';
import type { PublishQueue } from './PublishQueue.js';

/** The `nextBatch` of a sink. */
export const publishBatch =
  <T>(queue: PublishQueue<T>, toOutgoing: (value: T, owner: OutgoingOwner<T>) => Outgoing<T>) =>
  (values: readonly T[]): Promise<void> =>
    new Promise((resolve, reject) => {
      // the caller may reuse the array before all values are sent
      const batch = [...values];
      let left = batch.length;
      let hasFailed = false;
      const owner: OutgoingOwner<T> = {
        stored: () => {
          if (--left === 0) resolve();
        },
        failed: (error: unknown) => {
          if (hasFailed) return;
          hasFailed = true;
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the user may throw any value
          reject(error);
          queue.withdraw(owner);
        },
      };
      if (left === 0) resolve();
      for (const value of batch) {
        if (hasFailed) return;
        queue.push(toOutgoing(value, owner));
      }
    });
