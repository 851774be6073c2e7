// npm test: every check, each an npm script of its own. It goes on after a failure, so that one run names all that is red; what
// works on dist/ is left out where the build failed. The last line is that of the tests.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const results = 'node_modules/.cache/jest.json';
/** Beside one another, for each takes one core. The tests come after them, alone: they take all cores, and some measure. */
const lanes = [['lint'], ['format:check', 'layers', 'types', 'types:api', 'types:docs', 'build']];
const onDist = ['api:check', 'package', 'size'];

rmSync(results, { force: true });

/** Runs a script. What it prints is shown when it has ended, in one piece; that of the tests as it comes. */
const run = script => {
  const began = performance.now();
  const isJest = script === 'jest';
  const extra = isJest ? ['--', '--json', `--outputFile=${results}`] : [];
  if (isJest) console.log(`\n── ${script} ──`);
  const child = spawn('npm', ['run', '--silent', script, ...extra], {
    stdio: isJest ? ['inherit', 'ignore', 'inherit'] : ['inherit', 'pipe', 'pipe'],
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => printed.push(chunk));
  return new Promise(resolve => {
    child.on('close', status => {
      if (!isJest) process.stdout.write(`\n── ${script} ──\n${Buffer.concat(printed)}`);
      resolve({ script, passed: status === 0, seconds: (performance.now() - began) / 1000 });
    });
  });
};

const inOrder = async scripts => {
  const outcomes = [];
  for (const script of scripts) outcomes.push(await run(script));
  return outcomes;
};

const outcomes = (await Promise.all(lanes.map(inOrder))).flat();
outcomes.push(await run('jest'));
if (outcomes.find(({ script }) => script === 'build').passed) outcomes.push(...(await inOrder(onDist)));
else outcomes.push(...onDist.map(script => ({ script, passed: false, seconds: 0 })));

console.log('\n── the gate ──');
for (const { script, passed, seconds } of outcomes) {
  console.log(`${passed ? 'green' : '  RED'}  ${script.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;

const tests = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : undefined;
const failed = tests === undefined ? 1 : tests.numFailedTests + tests.numRuntimeErrorTestSuites;
console.log(`${tests?.numPassedTests ?? 0} passed, ${failed} failed`);
