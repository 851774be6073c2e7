/** Whether PostgreSQL stores a text unchanged: no NUL, no lone surrogate, and at most `maxBytes` bytes of UTF-8. */
export const isStorable = (value: unknown, maxBytes: number): value is string =>
  typeof value === 'string' &&
  value.length <= maxBytes &&
  !/\0|\p{Surrogate}/u.test(value) &&
  new TextEncoder().encode(value).length <= maxBytes;
