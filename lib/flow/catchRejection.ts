/**
 * Takes what a callback of the user's returned where nothing is expected: an `async` function compiles there, and nobody else
 * would hear its rejection, which would end the process (promise B10). `rejected` must not throw.
 */
export const catchRejection = (returned: unknown, rejected: (error: unknown) => void): void => {
  if ((typeof returned !== 'object' || returned === null) && typeof returned !== 'function') return;
  try {
    const work = returned as Partial<PromiseLike<unknown>>;
    if (typeof work.then === 'function') void work.then(() => undefined, rejected);
  } catch {
    // a getter or `then` threw: what was returned is no Promise
  }
};
