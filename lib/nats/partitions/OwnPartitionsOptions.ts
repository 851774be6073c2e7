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
  /** The bucket that holds the leases and the number of partitions. It must have no `ttl`. */
  readonly kv: KeyValue;
  /** What is partitioned: letters, digits, `-`, `_` and dots. For partitions of a `jetStreamSink`, its `prefix`. */
  readonly name: string;
  /** The group of processes that share the partitions. Each group gets all partitions. Default `'default'`. */
  readonly group?: string | undefined;
  /** How many partitions there are, 1 to 4096. The number is stored; a different one is a `PartitionsError`. */
  readonly partitions: number;
  /** Returns the work on a partition. It is subscribed to when this process takes the partition. */
  readonly work: (partition: Partition) => Observable<R>;
  /** A name for this process, for people who inspect the bucket. Default `'member'`. */
  readonly owner?: string | undefined;
  /** A process without a heartbeat for this many ms loses its partitions. Default 10,000, at least 100. */
  readonly leaseFor?: number | undefined;
  /** The first value asks all work to stop. Then all partitions are released, and the result completes. Default: never. */
  readonly stop$?: Observable<unknown> | undefined;
  /** The scheduler of the lease timers. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Receives the notices `Acquired`, `Lost`, `Released` and `Waiting`. */
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
