import { PartitionsError } from './PartitionsError.js';

/** The lease of one partition. */
export interface PartitionLease {
  /** The member that owns the partition. Empty if the partition is free. */
  readonly owner: string;
  /** Raised by each member that takes the partition, so that every owner has a higher epoch than the one before. */
  readonly epoch: number;
  /** The owner is about to release the partition: its work has been asked to stop. */
  readonly leaving?: true;
}

/**
 * Who owns which partition. The table is one value in the bucket and is changed by compare-and-set. So all members see the
 * changes in the same order.
 */
export interface LeaseTable {
  /** The members, each with its heartbeat number. A member raises its number to show that it is alive. */
  readonly members: Readonly<Record<string, number>>;
  readonly leases: readonly PartitionLease[];
}

/** The largest table in bytes. 4096 partitions and several hundred members fit. */
const MAX_BYTES = 1_000_000;

export const emptyTable = (partitions: number): LeaseTable => ({
  members: {},
  leases: Array.from({ length: partitions }, () => ({ owner: '', epoch: 0 })),
});

export const encodeTable = (table: LeaseTable): Uint8Array => new TextEncoder().encode(JSON.stringify(table));

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws `LeaseTableError` if the data is not a lease table, `PartitionsError` if the number of partitions differs. */
export const decodeTable = (data: Uint8Array, name: string, partitions: number): LeaseTable => {
  const invalid = (): Error =>
    Object.assign(new Error(`leases of ${name}: the value in the bucket is not a lease table`), {
      name: 'LeaseTableError',
    });
  if (data.length > MAX_BYTES) throw invalid();
  let table: Partial<LeaseTable> | null;
  try {
    table = JSON.parse(new TextDecoder().decode(data)) as Partial<LeaseTable> | null;
  } catch {
    throw invalid();
  }
  const { members, leases } = table ?? {};
  if (typeof members !== 'object' || members === null || !Array.isArray(leases)) throw invalid();
  if (!Object.values(members).every(isCount)) throw invalid();
  for (const lease of leases as readonly Partial<PartitionLease>[]) {
    if (typeof lease?.owner !== 'string' || !isCount(lease.epoch)) throw invalid();
  }
  if (leases.length !== partitions) throw new PartitionsError(name, leases.length, partitions);
  return { members: Object.assign(Object.create(null) as object, members), leases };
};
