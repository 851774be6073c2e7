/** Connections that have not sent a greeting yet. */
export interface WaitingRoom {
  /** `evict` is called when this connection must make room. Returns a function that removes it. */
  readonly enter: (host: string, evict: () => void) => () => void;
}

/**
 * Holds at most `most` connections without a greeting. One more evicts the oldest connection of the machine that has
 * the most connections here. A real peer greets within a round trip, so silent connections cannot keep it out.
 */
export const waitingRoom = (most: number): WaitingRoom => {
  /** By machine, oldest first. */
  const inside = new Map<string, Set<() => void>>();
  let size = 0;

  const remove = (host: string, evict: () => void): void => {
    const those = inside.get(host);
    if (those?.delete(evict) !== true) return;
    size--;
    if (those.size === 0) inside.delete(host);
  };
  const makeRoom = (): void => {
    let crowd: readonly [string, Set<() => void>] | undefined;
    for (const entry of inside) if (crowd === undefined || entry[1].size > crowd[1].size) crowd = entry;
    const [oldest] = crowd?.[1] ?? [];
    if (crowd === undefined || oldest === undefined) return;
    remove(crowd[0], oldest);
    oldest();
  };

  return {
    enter: (host, evict) => {
      const those = inside.get(host) ?? new Set();
      inside.set(host, those.add(evict));
      size++;
      if (size > most) makeRoom();
      return () => remove(host, evict);
    },
  };
};
