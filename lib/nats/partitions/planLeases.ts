import { fairShares } from './fairShares.js';
import type { LeaseTable } from './LeaseTable.js';

/** What a member does next. */
export interface LeasePlan {
  /** Partitions to take: nobody has them, or their owner is dead. */
  readonly take: readonly number[];
  /** A partition to give up, when its work has ended. One at a time. */
  readonly leave: number | undefined;
}

/**
 * What a member does next, from what it sees: a pure function.
 *
 * PL1  A member takes only what is free, and no more than its share. If two take the same one, the bucket lets one of them.
 * PL2  A member leaves a partition only if it has more than its share, one at a time.
 * PL3  When all members have done what they plan, and again, their numbers differ by at most one and everything is taken.
 *
 * @param isAlive - Whether a member still shows that it is alive. `me` is.
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
    // what is given up counts for nobody: else two members would give up too much
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
