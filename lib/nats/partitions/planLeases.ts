import { fairShares } from './fairShares.js';
import type { LeaseTable } from './LeaseTable.js';

/** The changes that a member makes in one round. */
export interface LeasePlan {
  /** Partitions to take: they have no owner, or their owner is dead. */
  readonly take: readonly number[];
  /** The partition to release once its work has completed. One at a time. */
  readonly leave: number | undefined;
}

/**
 * Decides what a member does next with the table that it sees. A pure function.
 *
 * PL1  A member takes only free partitions, and no more than its share. If two members take the same one, only one write succeeds.
 * PL2  A member leaves a partition only if it owns more than its share, one at a time.
 * PL3  When the members repeat their plans, every partition gets an owner, and their counts differ by at most one.
 *
 * @param isAlive - Whether another member is alive. `me` always counts as alive.
 */
export const planLeases = (
  { members, leases }: LeaseTable,
  me: string,
  isAlive: (member: string) => boolean,
): LeasePlan => {
  const held = new Map<string, number>([[me, 0]]);
  for (const member of Object.keys(members)) if (member === me || isAlive(member)) held.set(member, 0);
  const free: number[] = [];
  leases.forEach(({ owner, leaving }, index) => {
    const count = held.get(owner);
    if (count === undefined) free.push(index);
    // a leaving partition counts for no member; otherwise two members would release too many
    else if (leaving === undefined) held.set(owner, count + 1);
  });
  const isLeaving = leases.some(({ owner, leaving }) => owner === me && leaving);
  const own = held.get(me)!;
  const share = fairShares(held, leases.length).get(me)!;
  return {
    take: free.slice(0, Math.max(0, share - own)),
    leave:
      own > share && !isLeaving ? leases.findLastIndex(({ owner, leaving }) => owner === me && !leaving) : undefined,
  };
};
