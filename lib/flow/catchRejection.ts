/**
 * Handles what a callback returned if it should return nothing. An `async` function compiles there, and its rejection would
 * end the process if nobody handled it (promise B10). `rejected` must not throw.
 */
export const catchRejection = (returned: unknown, rejected: (error: unknown) => void): void => {
  try {
    const work = returned as Partial<PromiseLike<unknown>> | null | undefined;
    if (typeof work?.then === 'function') void work.then(() => undefined, rejected);
  } catch {
    // a getter or `then` threw: what was returned is no Promise
  }
};
