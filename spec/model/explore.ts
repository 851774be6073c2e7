import { expect } from '@jest/globals';
import { differs } from './differs.js';
import type { ModelBroker } from './ModelBroker.js';
import { Run, type Step } from './Run.js';

interface Exploration {
  /** The steps that lead to the first state. */
  readonly start: readonly Step[];
  /** What may be done in a state. What ends most comes last: the others lead further, with the same broker. */
  readonly enabled: (model: ModelBroker) => Iterable<Step>;
  /** A name of the state: states of one name have equal futures. */
  readonly nameOf: (model: ModelBroker) => string;
  /** Whether something follows a step without another one. */
  readonly turns: boolean;
}

interface State {
  /** The shortest way there that is known. */
  path: readonly Step[];
  /** What has not been done there. */
  readonly left: Step[];
}

/**
 * Every step from every reachable state, on the broker itself. From where a step leads it goes on, as long as there is
 * something that has not been done, and then begins anew with the next state.
 */
export const explore = async (of: Exploration): Promise<{ readonly states: number; readonly steps: number }> => {
  const { start, enabled, nameOf, turns } = of;
  const known = new Map<string, State>();
  const at = (model: ModelBroker, path: readonly Step[]): State => {
    const name = nameOf(model);
    const state = known.get(name) ?? { path, left: [...enabled(model)].reverse() };
    known.set(name, state);
    if (path.length < state.path.length) state.path = path;
    return state;
  };
  const begun = async (path: readonly Step[]): Promise<Run> => {
    const run = new Run();
    if (turns) await run.replayAndTurn(path);
    else run.replay(path);
    return run;
  };
  at((await begun(start)).model, start);
  let steps = 0;
  for (const first of known.values()) {
    while (first.left.length > 0) {
      let { path } = first;
      const run = await begun(path);
      let state = first;
      for (let step = state.left.pop(); step !== undefined; step = state.left.pop()) {
        const { expected, actual } = turns ? await run.stepAndTurn(step) : run.step(step);
        steps++;
        path = [...path, step];
        if (differs(expected, actual))
          expect({ path, ...(actual as object) }).toEqual({ path, ...(expected as object) });
        state = at(run.model, path);
      }
    }
  }
  return { states: known.size, steps };
};
