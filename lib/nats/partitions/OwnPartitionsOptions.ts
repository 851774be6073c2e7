import type { NextObserver, Observable, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import { aFunction, count, level, needed, observer, scheduler, type Checks } from '../../flow/contract/options.js';
import type { KeyValue } from '../KeyValue.js';
import { aBucket, dottedName } from '../streamNames.js';
import type { Partition } from './Partition.js';

/**
 * Options of `ownPartitions`.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface OwnPartitionsOptions<R> {
  /** A bucket without a `ttl`: it holds the leases, and their number. */
  readonly kv: KeyValue;
  /** What is partitioned: letters, digits, `-`, `_` and dots. The `prefix` of a sink that makes the partitions. */
  readonly name: string;
  /** Those who share the partitions. Every group gets them all. Default `'default'`. */
  readonly group?: string | undefined;
  /** How many partitions there are, 1 to 4096. It is stored; another number is a `PartitionsError`. */
  readonly partitions: number;
  /** The work on a partition. It is subscribed to when the partition is taken. */
  readonly work: (partition: Partition) => Observable<R>;
  /** A name of this process for those who look into the bucket. Default `'member'`. */
  readonly owner?: string | undefined;
  /** A process that has shown no life for this many ms has lost its partitions. Default 10,000, at least 100. */
  readonly leaseFor?: number | undefined;
  /** Its first value asks all work to end; then everything is released, and the result completes. Default: never. */
  readonly stop$?: Observable<unknown> | undefined;
  /** Times the leases. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** An observer of `Acquired`, `Lost`, `Released` and `Waiting`. */
  readonly notices?: NextObserver<Notice> | undefined;
}

export const OWN_PARTITIONS_OPTIONS: Checks = {
  kv: needed(aBucket),
  name: needed(dottedName),
  group: dottedName,
  partitions: needed(count(1, 4096)),
  work: needed(aFunction),
  owner: dottedName,
  leaseFor: count(100, 86_400_000),
  stop$: level,
  scheduler,
  notices: observer,
};
