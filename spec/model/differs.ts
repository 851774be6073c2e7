/** Whether two views differ: quickly, for they are compared after every step. */
export const differs = (expected: unknown, actual: unknown): boolean =>
  JSON.stringify(expected) !== JSON.stringify(actual);
