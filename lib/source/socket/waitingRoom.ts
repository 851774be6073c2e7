/** Connections that have not greeted yet. */
export interface WaitingRoom {
  /** `evict` is called when this one must make room for another. Gives what takes it out. */
  readonly enter: (host: string, evict: () => void) => () => void;
}

/**
 * At most `most` connections without a greeting. One more takes the place of the oldest one of the machine that has most of
 * them: who greets does so within a round trip, and silent ones, however many, keep nobody out.
 */
export const waitingRoom = (most: number): WaitingRoom => {
  /** By machine, the oldest first. */
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
