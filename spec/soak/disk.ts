// npm run soak:disk [-- KILLS]: kills a process that buffers on disk 200 times, at each of its steps in turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChild, killAtSteps, killSteps } from './killAtSteps.js';

const kills = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-soak-'));
const steps = Array.from({ length: kills }, (_, at) => ({
  step: killSteps[at % killSteps.length]!,
  count: 1 + Math.floor(Math.random() * 6),
}));
const begun = performance.now();
try {
  const { records, repeats } = await killAtSteps(buildChild(folder), join(folder, 'buffer'), steps);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(
    `${kills} kills at ${killSteps.length} steps in ${seconds} s: ${records} records, ${repeats} given again, 0 lost`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
