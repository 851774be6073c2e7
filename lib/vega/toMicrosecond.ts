/** A Unix time in ns, truncated to the microsecond (towards the past), which is what databases store. */
export const toMicrosecond = (time: bigint): bigint => {
  const over = time % 1000n;
  return over < 0n ? time - over - 1000n : time - over;
};
