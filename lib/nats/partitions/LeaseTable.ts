import { PartitionsError } from './PartitionsError.js';

/** A partition in the table. */
export interface PartitionLease {
  /** The member that works on it; empty: nobody. */
  readonly owner: string;
  /** Raised by each member that takes it, so it tells an owner from the one before. */
  readonly epoch: number;
  /** Its owner is about to give it up: its work was asked to end. */
  readonly leaving?: true;
}

/**
 * Who owns which partition: one value in the bucket, changed by compare-and-set. So all members see one order of changes.
 */
export interface LeaseTable {
  /** The members, each with a number that it raises to show that it is alive. */
  readonly members: Readonly<Record<string, number>>;
  readonly leases: readonly PartitionLease[];
}

/** The most bytes of a table: 4096 partitions and some hundred members fit. */
const MAX_BYTES = 1_000_000;

export const emptyTable = (partitions: number): LeaseTable => ({
  members: {},
  leases: Array.from({ length: partitions }, () => ({ owner: '', epoch: 0 })),
});

export const encodeTable = (table: LeaseTable): Uint8Array => new TextEncoder().encode(JSON.stringify(table));

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws if it is no table, and `PartitionsError` if it has another number of partitions. */
export const decodeTable = (data: Uint8Array, name: string, partitions: number): LeaseTable => {
  const wrong = (): Error =>
    Object.assign(new Error(`leases of ${name}: what the bucket holds is no table of leases`), {
      name: 'LeaseTableError',
    });
  if (data.length > MAX_BYTES) throw wrong();
  let table: Partial<LeaseTable> | null;
  try {
    table = JSON.parse(new TextDecoder().decode(data)) as Partial<LeaseTable> | null;
  } catch {
    throw wrong();
  }
  const { members, leases } = table ?? {};
  if (typeof members !== 'object' || members === null || !Array.isArray(leases)) throw wrong();
  if (!Object.values(members).every(isCount)) throw wrong();
  for (const lease of leases as readonly Partial<PartitionLease>[]) {
    if (typeof lease?.owner !== 'string' || !isCount(lease.epoch)) throw wrong();
  }
  if (leases.length !== partitions) throw new PartitionsError(name, leases.length, partitions);
  return { members: Object.assign(Object.create(null) as object, members), leases };
};
