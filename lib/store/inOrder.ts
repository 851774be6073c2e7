import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

/** A step of a block that is not done yet; `undefined` in its place is one that was done at once. */
export type Step = TE.TaskEither<Error, void>;

export const DONE: Step = TE.right(undefined);

/** Runs what may be done at once, one after the other; makes a task from the first on that is not. */
export const inOrder = <A>(items: readonly A[], run: (item: A) => Step | undefined, from = 0): Step | undefined => {
  for (let i = from; i < items.length; i++) {
    const step = run(items[i]!);
    if (step !== undefined) {
      return pipe(
        step,
        TE.chain(() => inOrder(items, run, i + 1) ?? DONE),
      );
    }
  }
  return undefined;
};

/** `next` after `step`. */
export const andThen = (step: Step | undefined, next: () => Step | undefined): Step | undefined =>
  step === undefined
    ? next()
    : pipe(
        step,
        TE.chain(() => next() ?? DONE),
      );
