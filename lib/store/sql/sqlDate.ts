/**
 * A date as PostgreSQL reads it. Outside the years 0 to 9999 ISO has a sign and six digits; PostgreSQL has no sign, and
 * writes years before year 1 as `BC`.
 */
export const sqlDate = (date: Date, micros = ''): string => {
  const iso = Date.prototype.toISOString.call(date);
  const year = Date.prototype.getUTCFullYear.call(date);
  const rest = iso.slice(iso.indexOf('-', 1)).replace('Z', `${micros}Z`);
  return year > 0 ? `${padded(year)}${rest}` : `${padded(1 - year)}${rest} BC`;
};

const padded = (year: number): string => String(year).padStart(4, '0');

/** A time in Unix ns as PostgreSQL reads it, to the microsecond, like `timestamptz`. */
export const sqlTime = (time: bigint): string => {
  const micros = time / 1000n;
  const inMs = ((micros % 1000n) + 1000n) % 1000n;
  const ms = (micros - inMs) / 1000n;
  return sqlDate(new Date(Number(ms)), String(inMs).padStart(3, '0'));
};
