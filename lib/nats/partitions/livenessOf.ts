/**
 * Decides which members are alive. A member is dead when its heartbeat number has not changed for `leaseFor`, by the clock of
 * the observing process. So clocks of two machines are never compared. They only have to run at about the same rate.
 */
export interface Liveness {
  /** Records the heartbeats of a table that was read at `now`. */
  saw(members: Readonly<Record<string, number>>, now: number): void;
  isAlive(member: string, now: number): boolean;
}

export const livenessOf = (leaseFor: number): Liveness => {
  const seen = new Map<string, { readonly beat: number; readonly since: number }>();
  return {
    saw: (members, now) => {
      for (const member of seen.keys()) if (!(member in members)) seen.delete(member);
      for (const [member, beat] of Object.entries(members)) {
        if (seen.get(member)?.beat !== beat) seen.set(member, { beat, since: now });
      }
    },
    isAlive: (member, now) => {
      const last = seen.get(member);
      return last !== undefined && now - last.since <= leaseFor;
    },
  };
};
