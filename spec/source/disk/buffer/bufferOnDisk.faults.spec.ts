import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { check, checkAgain, failing, stepsOf, type First } from './faultRuns.js';
import type { Loss } from './Inode.js';

// Thousands of runs, on a machine that may be busy.
jest.setTimeout(300_000);

const losses: readonly Loss[] = ['all', 'all but removals', 'names', 'bytes', 'odd', 'even', 'zeros', 'garbage'];

/** What died in each step. */
const dying = async (isArchive: boolean): Promise<readonly First[]> => {
  const died: First[] = [];
  for (const step of (await stepsOf(isArchive)).keys()) died.push(await failing({ kind: 'crash', step }, isArchive));
  if (!died.every(({ files }) => files.isDead)) throw new Error('it lived');
  return died;
};
let died: readonly First[] = [];

/** The places at which a write of that many bytes may be cut: all of them. */
const cutsOf = (bytes: number) => Array.from({ length: bytes + 1 }, (_, cut) => cut);

describe.each([false, true])('D5a D5d a stop at every step, a write cut at every byte (archive: %s)', archive => {
  beforeAll(async () => {
    died = await dying(archive);
  });

  test.each(['nothing', 'zeros', 'garbage'] as const)(
    'a process that is killed; after the cut there is: %s',
    async rest => {
      for (const at of died) for (const cut of cutsOf(at.files.dyingBytes)) await check(at, 'nothing', { cut, rest });
    },
  );

  test('a machine that crashes, and loses all unsynced data, some of it, or the names; or has other bytes', async () => {
    for (const at of died)
      for (const loss of losses)
        for (const cut of cutsOf(at.files.dyingBytes)) await check(at, loss, { cut, rest: 'nothing' });
  });

  test('D6b EIO, ENOSPC: an error with the file; what is on the disk stays readable', async () => {
    const steps = await stepsOf(archive);
    let failed = 0;
    let runs = 0;
    for (const [step, bytes] of steps.entries())
      for (const cut of cutsOf(bytes)) {
        const code = cut % 2 === 0 ? 'EIO' : 'ENOSPC';
        const first = await failing({ kind: 'error', code, step, cut }, archive);
        for (const loss of ['nothing', 'all', 'names'] as const) await check(first, loss);
        if (first.run.end !== 'complete') failed++;
        runs++;
      }
    expect(failed).toBeGreaterThan(runs / 2);
  });

  test('D6 EIO during a restart: an error, and it can be started again', async () => {
    let failed = 0;
    for (const [at, first] of died.entries()) if (at % 6 === 0) failed += await checkAgain(first);
    expect(failed).toBeGreaterThan(100);
  });
});
