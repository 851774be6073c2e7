import type { Values } from '../Protocol.js';
import type { Player } from './Player.js';

/** Sets the sliders of each step, and lets time go on to it. False if it `isCurrent` no longer. */
export const runSteps = async (
  player: Player,
  steps: readonly { readonly at: number; readonly set: Values }[],
  set: (values: Values) => void,
  isCurrent: () => boolean,
): Promise<boolean> => {
  for (const step of steps) {
    set(step.set);
    for (const [name, value] of Object.entries(step.set)) {
      await player.set(name, value);
      if (!isCurrent()) return false;
    }
    await player.runTo(step.at);
    if (!isCurrent()) return false;
  }
  return true;
};
