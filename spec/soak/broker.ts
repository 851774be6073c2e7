/**
 * Holds the broker beside its model for as long as asked, half of the time with subscribers that park what fails:
 * `npm run soak -- --seed N --minutes M`; only these with `--only parking`, only the others with `--only broker`. A finding
 * prints the seed and the shortest sequence of steps that shows it; `--replay 'STEPS'` runs such a sequence again.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { differs } from '../model/differs.js';
import { Run, turns, type Step } from '../model/Run.js';
import { parkingSteps } from '../model/parkingSteps.js';
import { steps } from '../model/steps.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '2' },
    replay: { type: 'string' },
    only: { type: 'string' },
  },
});

/** The first step after which model and broker differ, and what each of them shows. */
const firstDifference = async (all: readonly Step[]) => {
  const run = new Run(all[0]);
  const hasTurns = all.some(turns);
  for (const [index, step] of all.entries()) {
    const seen = hasTurns ? run.stepAndTurn(step) : run.step(step);
    // waiting for it would be a turn
    const { expected, actual } = seen instanceof Promise ? await seen : seen;
    if (differs(expected, actual)) return { step: index + 1, expected, actual };
  }
  if (hasTurns) await run.turn();
  return undefined;
};

const show = async (all: readonly Step[]): Promise<void> => {
  const found = await firstDifference(all);
  console.log(found === undefined ? 'no difference' : JSON.stringify(found, undefined, 2));
};

const soak = async (firstSeed: number, minutes: number): Promise<boolean> => {
  const end = Date.now() + minutes * 60_000;
  let runs = 0;
  for (let seed = firstSeed; Date.now() < end; seed++) {
    const isParking = values.only === undefined ? seed % 2 === 1 : values.only === 'parking';
    const { failed, counterexample } = await fc.check(
      fc.asyncProperty(
        isParking ? parkingSteps(20, 120) : steps(1, 120),
        async all => (await firstDifference(all)) === undefined,
      ),
      { numRuns: 200, seed },
    );
    if (failed) {
      const all = counterexample?.[0] ?? [];
      console.log(`seed ${seed}: model and broker differ after these ${all.length} steps:`);
      console.log(JSON.stringify(all));
      await show(all);
      return false;
    }
    runs += 200;
    // what RxJS reports later is reported now, not kept
    await new Promise(resolve => setImmediate(resolve));
  }
  console.log(`${runs} runs from seed ${firstSeed} on, no finding`);
  return true;
};

if (values.replay === undefined) {
  const sound = await soak(Number(values.seed ?? Date.now() % 1_000_000), Number(values.minutes));
  process.exitCode = sound ? 0 : 1;
} else await show(JSON.parse(values.replay) as Step[]);
