import { asyncScheduler, Observable } from 'rxjs';
import { checkOptions } from '../../flow/contract/options.js';
import { notifier } from '../../flow/reporter.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import { OWN_PARTITIONS_OPTIONS, type OwnPartitionsOptions } from './OwnPartitionsOptions.js';
import { PartitionMember } from './PartitionMember.js';

/**
 * Shares numbered partitions among processes. Each partition has one owner, which works on it, and each process owns its fair
 * share. The leases are in a NATS KV bucket.
 *
 *     first process    ──0 1 2 3──────2 leaves──3 leaves──────
 *     second process             ──────────────2─────────3────
 *     killed                                   ×  its partitions go to others after `leaseFor`
 *
 * Emits what the work emits. Before a partition moves, its work is asked to stop (`stop$`). When the work has completed, the
 * partition is released, and another process takes it. If the work errors, the result errors, and everything is released.
 *
 * **Safety.** The lease alone does not exclude two writers: a process that was frozen may write before it learns that it lost its
 * lease. The `epoch` does: let your store reject an older epoch (promise J10: one owner of a partition).
 *
 * **Errors.** `OptionError` is thrown by the call. `PartitionsError`: a different number of partitions is stored. Errors of the
 * work. If the bucket does not respond, the request is retried.
 *
 * @param options - `kv`, `name`, `partitions` and `work` are required.
 * @example
 * ```ts
 * ownPartitions({
 *   kv,
 *   name: 'orders',
 *   partitions: 8,
 *   work: ({ index, stop$ }) => lane(index).pipe(takeUntil(stop$)),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export const ownPartitions = <R>(options: OwnPartitionsOptions<R>): Observable<R> => {
  const checked = checkOptions('ownPartitions', options, OWN_PARTITIONS_OPTIONS);
  const { kv, name, partitions, work, stop$, group = 'default', owner = 'member', leaseFor = 10_000 } = checked;
  const notify = notifier(checked.notices);
  const { scheduler = asyncScheduler } = checked;
  return new Observable<R>(subscriber => {
    const failed = (error: unknown): void => subscriber.error(error);
    const member = new PartitionMember({
      kv,
      name,
      group,
      partitions,
      owner,
      leaseFor,
      scheduler,
      notify,
      failed,
      acquired: own =>
        own.start(work, { next: value => subscriber.next(value), error: failed, ended: () => member.wake() }),
      ended: () => subscriber.complete(),
    });
    subscriber.add(() => member.leave());
    if (stop$ !== undefined) {
      const end = (): void => member.end();
      subscribeOwned(subscriber, stop$, { next: end, error: failed });
    }
  });
};
