// The header and the trailer of a gzip member (RFC 1952).

const FIXED_BYTES = 10;
export const TRAILER_BYTES = 8;

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;

/** The size of the header at the start of `bytes`; `undefined` if it is incomplete. */
export const gzipHeaderBytes = (bytes: Uint8Array): number | undefined => {
  const flags = bytes[3] ?? 0;
  let at = FIXED_BYTES;
  // an extra field, which begins with its length
  if ((flags & 4) !== 0) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  // a name, and a comment: each up to a zero
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const zero = bytes.indexOf(0, at);
    if (zero === -1) return undefined;
    at = zero + 1;
  }
  // a checksum of the header
  if ((flags & 2) !== 0) at += 2;
  return at <= bytes.length ? at : undefined;
};
