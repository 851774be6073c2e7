/** Whether PostgreSQL stores a value as this text: no NUL, no half of a character, and at most that many bytes of UTF-8. */
export const isStorable = (value: unknown, maxBytes: number): value is string =>
  typeof value === 'string' &&
  value.length <= maxBytes &&
  !/\0|\p{Surrogate}/u.test(value) &&
  new TextEncoder().encode(value).length <= maxBytes;
