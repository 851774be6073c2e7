import { planLeases } from './planLeases.js';
import type { LeaseTable, PartitionLease } from './LeaseTable.js';

/** What a member knows beside the table. */
export interface LeaseView {
  readonly me: string;
  /** The number by which it shows that it is alive. */
  readonly beat: number;
  readonly isAlive: (member: string) => boolean;
  /** Partitions of its own whose work has ended, and which it gives up. */
  readonly ended: ReadonlySet<number>;
  /** It takes nothing, since it is about to end. */
  readonly isEnding: boolean;
}

/**
 * The table as a member wants it next: a pure function. Dead members are removed, and what they had is free. Each partition that
 * is taken gets the next epoch.
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
