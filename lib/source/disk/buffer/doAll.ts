/** Does all of them, one after the other, whatever fails; then throws what failed first. */
export const doAll = async (steps: readonly (() => Promise<void>)[]): Promise<void> => {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
};
