import { asyncScheduler, Observable } from 'rxjs';
import { checkOptions } from '../../flow/contract/options.js';
import { notifier } from '../../flow/reporter.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import { OWN_PARTITIONS_OPTIONS, type OwnPartitionsOptions } from './OwnPartitionsOptions.js';
import { PartitionMember } from './PartitionMember.js';

/**
 * Shares numbered partitions among processes: each partition has one owner, which works on it, and every process has its fair
 * share. The leases are in a bucket of NATS KV.
 *
 *     first process    ──0 1 2 3──────2 leaves──3 leaves──────
 *     second process             ──────────────2─────────3────
 *     killed                                   ×  its partitions go to others after `leaseFor`
 *
 * Emits what the work emits. A partition that moves is first asked to stop (`stop$`); when its work has completed it is released,
 * and another process takes it. If the work errors, the result errors, and everything is released.
 *
 * **Safety** is not the lease but the `epoch`: a process that was frozen may write before it learns that it lost its lease. Let
 * what it writes to compare the epoch (promise J10).
 *
 * **Errors.** `OptionError` is thrown by the call. `PartitionsError`: another number of partitions is stored. What the work fails
 * with. A bucket that does not answer is waited for.
 *
 * @param options - `kv`, `name`, `partitions` and `work` are needed.
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
