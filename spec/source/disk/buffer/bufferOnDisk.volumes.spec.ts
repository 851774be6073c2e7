import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { bufferRun, directory, drained, open, trickle } from './bufferRun.js';
import { FaultyFiles, type FaultAt } from './FaultyFiles.js';
import { folderOf } from '../folder.js';
import { recordsOf, textOf } from '../records.js';
import { messagesOf, runAll, textsOf } from './runBuffer.js';
import { watchAll } from '../watch.js';

jest.setTimeout(300_000);

const texts = ['a', 'b', 'c', 'd', 'e', 'f'];
const options = { eventsPerFile: 2, archive: {}, scheduler: new VirtualTimeScheduler() };
const archive = join(directory, 'archive');

const elsewhere = (fault?: FaultAt): FaultyFiles => {
  const files = new FaultyFiles(fault);
  files.areVolumes = true;
  return files;
};

/** What the archive and the buffer hold: archived records, and the names of the rest. */
const held = (files: FaultyFiles) => {
  const archived = files.paths.filter(path => path.startsWith(archive) && !path.includes('/.'));
  return {
    archived: Buffer.concat(archived.map(path => files.read(path))),
    live: files.paths.filter(path => path.startsWith(`${directory}/datanode`)),
  };
};

test('D3i D3j an archive on another volume: copied, then removed', async () => {
  const files = elsewhere();
  const run = bufferRun(files, trickle(texts, 2), options);
  await drained();
  expect([run.given, run.end]).toEqual([texts, 'complete']);
  // what is left when it is released waits for the next start: it may be large
  expect(held(files)).toEqual({
    archived: Buffer.from(recordsOf(texts.slice(0, 4), 1)),
    live: [join(directory, 'datanode-buffer-5-6.bevt')],
  });
  bufferRun(files, trickle(['g'], 1), options);
  await drained();
  expect(held(files).archived).toEqual(Buffer.from(recordsOf(texts, 1)));
});

test('D3 a stop at every step, EIO at every step: nothing is lost, and nothing archived is cut', async () => {
  const count = elsewhere();
  bufferRun(count, trickle(texts, 2), options);
  await drained();
  for (const [step] of count.steps.entries())
    for (const fault of [{ kind: 'crash', step } as const, { kind: 'error', code: 'EIO', step, cut: 0 } as const]) {
      const files = elsewhere(fault);
      const first = bufferRun(files, trickle(texts, 2), options);
      await drained();
      for (const loss of ['nothing', 'all', 'names', 'bytes'] as const) {
        const after = files.after(loss);
        const second = bufferRun(after, trickle(['g'], 1), options);
        await drained();
        const where = `step ${step}, ${fault.kind}, ${loss}`;
        expect([where, second.end, second.given.at(-1)]).toEqual([where, 'complete', 'g']);
        expect([where, first.promised <= new Set([...first.given, ...second.given]).size]).toEqual([where, true]);
        const whole = Buffer.from(recordsOf(texts, 1));
        for (const path of after.paths.filter(name => name.startsWith(archive) && name.includes('seqnumspan'))) {
          const bytes = Buffer.from(after.read(path));
          if (!path.includes('/.') && !bytes.includes('g'))
            expect([where, whole.includes(bytes)]).toEqual([where, true]);
        }
      }
    }
});

test('D3 files that are retired together cost as many syncs of a folder as one', async () => {
  const syncs = async (count: number) => {
    const files = new FaultyFiles();
    const done$ = new Subject<string>();
    const acknowledge = { blockOf: (message: Uint8Array) => ({ block: textOf(message), begins: true }), done$ };
    const run = bufferRun(files, open(textsOf(count)), { ...options, acknowledge, eventsPerFile: 1, sync: 'never' });
    await drained();
    expect(run.given).toHaveLength(count);
    let made = 0;
    const syncDirectory = files.syncDirectory.bind(files);
    files.syncDirectory = path => {
      made++;
      return syncDirectory(path);
    };
    done$.next(`message ${count}`);
    await drained();
    expect(held(files).live).toHaveLength(1);
    return made;
  };
  expect(await syncs(40)).toBe(await syncs(2));
});

const memory = '/dev/shm';
const isOther = existsSync(memory) && statSync(memory).dev !== statSync(folderOf()).dev;

(isOther ? test : test.skip)('D3i a real archive on another volume', async () => {
  const other = mkdtempSync(join(memory, 'rx-event-broker-'));
  try {
    const buffer = folderOf();
    await runAll(messagesOf(texts), { directory: buffer, eventsPerFile: 2, archive: { directory: other } });
    expect((await watchAll(bufferFiles({ directory: other }))).texts).toEqual(['a', 'b', 'c', 'd']);
    await runAll(messagesOf(['g']), { directory: buffer, eventsPerFile: 2, archive: { directory: other } });
    expect((await watchAll(bufferFiles({ directory: other }))).texts).toEqual(texts);
    expect(readdirSync(other).filter(name => name.startsWith('.'))).toEqual([]);
  } finally {
    rmSync(other, { recursive: true });
  }
});
