import { right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** A step of a block that is not done yet; `undefined` in its place is one that was done at once. */
export type Step = TaskEither<Error, void>;

const DONE = right(undefined);

/** `next` after `step`. An `await` each, where `TE.chain` takes three Promises. */
export const andThen = (step: Step | undefined, next: () => Step | undefined): Step | undefined =>
  step === undefined
    ? next()
    : async () => {
        const done = await step();
        return done._tag === 'Left' ? done : (next()?.() ?? DONE);
      };

/** Runs what may be done at once, one after the other; makes a task from the first on that is not. */
export const inOrder = <A>(items: readonly A[], run: (item: A) => Step | undefined, from = 0): Step | undefined => {
  for (let i = from; i < items.length; i++) {
    const step = run(items[i]!);
    if (step !== undefined) return andThen(step, () => inOrder(items, run, i + 1));
  }
  return undefined;
};
