/**
 * Who is alive, by the clock of who looks: a member is dead when its number has not changed for `leaseFor`. So the clocks of
 * two machines are never compared; they only have to run about equally fast.
 */
export interface Liveness {
  /** The table was read at that time. */
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
