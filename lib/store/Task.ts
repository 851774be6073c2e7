import { left, right, type Either } from '../event/Either.js';

/** Asynchronous work that has not begun. It never rejects: it resolves to a value or to the reason of its failure. */
export type Task<A> = () => Promise<Either<Error, A>>;

/** Runs `work`. `reason` converts what it throws or rejects with to an error. */
export const tryTask =
  <A>(work: () => Promise<A>, reason: (cause: unknown) => Error): Task<A> =>
  async () => {
    try {
      return right(await work());
    } catch (cause) {
      return left(reason(cause));
    }
  };

/** Fails with `error`. */
export const failedTask =
  (error: Error): Task<never> =>
  () =>
    Promise.resolve(left(error));
