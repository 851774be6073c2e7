/** A Unix time in ns, cut to the microsecond (towards the past, as Go does), which is what databases hold. */
export const toMicrosecond = (time: bigint): bigint => {
  const over = time % 1000n;
  return over < 0n ? time - over - 1000n : time - over;
};
