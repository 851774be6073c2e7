/** Whether these came, in this order and before all else. */
export const has =
  (...expected: readonly string[]) =>
  (seen: readonly string[]) =>
    seen.length >= expected.length && expected.every((value, i) => seen[i] === value);
