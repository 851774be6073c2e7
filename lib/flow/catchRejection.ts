/**
 * Handles the rejection of a callback that should return nothing. TypeScript accepts an `async` function there, and its
 * unhandled rejection would end the process (promise B10). `rejected` must not throw.
 */
export const catchRejection = (returned: unknown, rejected: (error: unknown) => void): void => {
  try {
    const work = returned as Partial<PromiseLike<unknown>> | null | undefined;
    if (typeof work?.then === 'function') void work.then(() => undefined, rejected);
  } catch {
    // a getter or `then` threw: the returned value is not a Promise
  }
};
