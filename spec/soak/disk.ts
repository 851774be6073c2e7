// npm run soak:disk [-- KILLS]: kills a process that buffers on disk 200 times, at each of its steps in turn; then one in
// which three subscribers of a broker settle what it gives, 200 times at random.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChild, killAtSteps, killSteps } from './killAtSteps.js';
import { killSettled } from './killSettled.js';

const kills = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-soak-'));
const steps = Array.from({ length: kills }, (_, at) => ({
  step: killSteps[at % killSteps.length]!,
  count: 1 + Math.floor(Math.random() * 6),
}));
let begun = performance.now();
const seconds = () => ((performance.now() - begun) / 1000).toFixed(0);
try {
  const { records, repeats } = await killAtSteps(buildChild(folder), join(folder, 'buffer'), steps);
  console.log(
    `${kills} kills at ${killSteps.length} steps in ${seconds()} s: ${records} records, ${repeats} given again, 0 lost`,
  );
  begun = performance.now();
  const settled = await killSettled(buildChild(folder, 'settledChild'), join(folder, 'settled'), kills);
  console.log(
    `${kills} kills at random in ${seconds()} s: ${settled.records} records, ${settled.repeats} given again ` +
      `of ${settled.unsettled} unsettled, 0 lost of ${settled.durable} durable`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
