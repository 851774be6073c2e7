// npm test: every check, in order, each an npm script of its own. It goes on after a failure, so that one run names all that is
// red; what works on dist/ is left out where the build failed. The last line is that of the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const results = 'node_modules/.cache/jest.json';
const checks = ['format:check', 'lint', 'layers', 'types', 'types:api', 'types:docs', 'jest', 'build'];
const onDist = ['api:check', 'package', 'size'];

rmSync(results, { force: true });
const run = script => {
  console.log(`\n── ${script} ──`);
  const began = performance.now();
  const extra = script === 'jest' ? ['--', '--json', `--outputFile=${results}`] : [];
  const { status } = spawnSync('npm', ['run', '--silent', script, ...extra], {
    stdio: ['inherit', script === 'jest' ? 'ignore' : 'inherit', 'inherit'],
  });
  return { script, passed: status === 0, seconds: (performance.now() - began) / 1000 };
};

const outcomes = checks.map(run);
if (outcomes.at(-1).passed) outcomes.push(...onDist.map(run));
else outcomes.push(...onDist.map(script => ({ script, passed: false, seconds: 0 })));

console.log('\n── the gate ──');
for (const { script, passed, seconds } of outcomes) {
  console.log(`${passed ? 'green' : '  RED'}  ${script.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;

const tests = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : undefined;
const failed = tests === undefined ? 1 : tests.numFailedTests + tests.numRuntimeErrorTestSuites;
console.log(`${tests?.numPassedTests ?? 0} passed, ${failed} failed`);
