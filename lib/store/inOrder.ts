import { right } from '../event/Either.js';
import type { Task } from './Task.js';

/** A step of a block that has not finished; `undefined` in its place means that it finished synchronously. */
export type Step = Task<void>;

const DONE = right(undefined);

/** Runs `next` after `step`. It costs one `await`. */
export const andThen = (step: Step | undefined, next: () => Step | undefined): Step | undefined =>
  step === undefined
    ? next()
    : async () => {
        const done = await step();
        return done._tag === 'Left' ? done : (next()?.() ?? DONE);
      };

/** Runs items in order. Returns `undefined` if all finished synchronously, otherwise a task for the rest. */
export const inOrder = <A>(items: readonly A[], run: (item: A) => Step | undefined, from = 0): Step | undefined => {
  for (let i = from; i < items.length; i++) {
    const step = run(items[i]!);
    if (step !== undefined) return andThen(step, () => inOrder(items, run, i + 1));
  }
  return undefined;
};
