import { planLeases } from './planLeases.js';
import type { LeaseTable, PartitionLease } from './LeaseTable.js';

/** What a member knows in addition to the table. */
export interface LeaseView {
  readonly me: string;
  /** The heartbeat number of this member. */
  readonly beat: number;
  readonly isAlive: (member: string) => boolean;
  /** Partitions of this member whose work has completed. They are released. */
  readonly ended: ReadonlySet<number>;
  /** The member is about to end, so it takes no partitions. */
  readonly isEnding: boolean;
}

/**
 * The next table that a member wants to write. A pure function. Dead members are removed, and their partitions become free.
 * Each partition that this member takes gets the next epoch.
 */
export const leaseRound = (table: LeaseTable, { me, beat, isAlive, ended, isEnding }: LeaseView): LeaseTable => {
  const isOwned = ({ owner }: PartitionLease, index: number): boolean =>
    owner === me ? !ended.has(index) : owner !== '' && owner in table.members && isAlive(owner);
  const leases = table.leases.map((lease, index) =>
    isOwned(lease, index) ? lease : { owner: '', epoch: lease.epoch },
  );
  const alive = Object.entries(table.members).filter(([member]) => member !== me && isAlive(member));
  const members = Object.fromEntries([...alive, [me, beat]]);
  if (isEnding) return { members, leases };
  const plan = planLeases({ members, leases }, me, isAlive);
  for (const index of plan.take) leases[index] = { owner: me, epoch: leases[index]!.epoch + 1 };
  if (plan.leave !== undefined) leases[plan.leave] = { ...leases[plan.leave]!, leaving: true };
  return { members, leases };
};

/** The table without a member. */
export const withoutMember = ({ members, leases }: LeaseTable, me: string): LeaseTable => ({
  members: Object.fromEntries(Object.entries(members).filter(([member]) => member !== me)),
  leases: leases.map(lease => (lease.owner === me ? { owner: '', epoch: lease.epoch } : lease)),
});
