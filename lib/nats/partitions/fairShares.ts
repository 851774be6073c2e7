/**
 * How many partitions each member should own. Each gets n/m, rounded down. The remainder goes to the members that own the most
 * now, one each. So no partition moves without need.
 *
 *     9 partitions, members with 5, 4 and 0: shares 3, 3, 3
 *     8 partitions, members with 3, 3 and 2: shares 3, 3, 2
 *
 * Members that see the same table compute the same shares.
 */
export const fairShares = (held: ReadonlyMap<string, number>, partitions: number): ReadonlyMap<string, number> => {
  const least = Math.floor(partitions / held.size);
  const rest = partitions % held.size;
  const byHeld = [...held].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Map(byHeld.map(([member], i) => [member, i < rest ? least + 1 : least]));
};
