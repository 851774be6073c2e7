/** A time in Unix ns as PostgreSQL reads it, to the microsecond, as `timestamptz` keeps it. */
export const sqlTime = (time: bigint): string => {
  const micros = time / 1000n;
  const inMs = ((micros % 1000n) + 1000n) % 1000n;
  const ms = (micros - inMs) / 1000n;
  return new Date(Number(ms)).toISOString().replace('Z', `${String(inMs).padStart(3, '0')}Z`);
};
