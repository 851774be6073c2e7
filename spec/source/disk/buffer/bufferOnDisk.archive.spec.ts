import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER, Subject, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { recordToFile } from '../../../../lib/source/disk/recordings/recordToFile.js';
import { open } from './bufferRun.js';
import { folderOf } from '../folder.js';
import { recordsOf } from '../records.js';
import { messagesOf, runAll, runSome, textsOf, visible } from './runBuffer.js';
import { noticeLog, watch, watchAll, when } from '../watch.js';

describe('D3 files', () => {
  test('D3a D3b D3c rolled every eventsPerFile, with the planned last number; removed once done', async () => {
    const directory = folderOf();
    const { texts } = await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4 }, 6);
    expect(texts).toEqual(textsOf(6));
    // the sixth was not acknowledged: the seventh was not asked for
    expect(visible(directory)).toEqual([
      'datanode-buffer-5-8.bevt',
      ...(visible(directory).length > 1 ? ['datanode-buffer-9-12.bevt'] : []),
    ]);
  });

  test('D3a D8a the records are those of the Go node, numbered from 1', async () => {
    const directory = folderOf();
    await runSome(open(['one', '', 'three']), { directory }, 1);
    expect(readFileSync(join(directory, 'datanode-buffer-1-10000000.bevt'))).toEqual(
      Buffer.from(recordsOf(['one', '', 'three'], 1)),
    );
  });

  test('D7g an archive has one buffer at a time: a second one is rejected until the first has ended', async () => {
    const [archive, first, second] = [folderOf(), folderOf(), folderOf()];
    const options = { eventsPerFile: 1, archive: { directory: archive } };
    const { observer, until } = noticeLog();
    const one = watch(
      bufferOnDisk(open(textsOf(3)), { settlement: 'none', ...options, directory: first, notices: observer })(NEVER),
    );
    await when(() => visible(archive).length === 2);
    const { end } = await runAll(messagesOf(textsOf(3)), { ...options, directory: second });
    expect(end).toMatchObject({ name: 'DirectoryInUseError', directory: archive, pid: process.pid });
    one.subscription.unsubscribe();
    await until('Released');
    expect(await runAll(messagesOf(textsOf(2)), { ...options, directory: second })).toMatchObject({ end: 'complete' });
    expect(readdirSync(archive).filter(name => !name.startsWith('.lock'))).toHaveLength(4);
    expect(readdirSync(archive)).toHaveLength(4);
  });

  test('D3d D3e D8a archived and live files together are what was buffered', async () => {
    const directory = folderOf();
    await runSome(open(textsOf(10)), { settlement: 'none' as const, directory, eventsPerFile: 4, archive: {} }, 10);
    expect(visible(directory)).toEqual(['archive', 'datanode-buffer-9-12.bevt']);
    const archive = join(directory, 'archive');
    expect(visible(archive)).toEqual([
      expect.stringMatching(/^datanode-buffer-\d{4}(-\d\d){5}-\d+-seqnumspan-1-4\.bevt$/),
      expect.stringMatching(/-seqnumspan-5-8\.bevt$/),
    ]);
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(8));
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['message 9', 'message 10']);
    // settled files leave no checksums
    expect(readdirSync(directory).filter(name => name.endsWith('.sums'))).toHaveLength(1);
  });

  test('D3c the last one, too, if the source has completed and everything was processed', async () => {
    const directory = folderOf();
    await runAll(messagesOf(textsOf(10)), { directory, eventsPerFile: 4 });
    expect(readdirSync(directory)).toEqual(['.cursor']);
    // and numbers go on
    await runAll(messagesOf(textsOf(2)), { settlement: 'none' as const, directory, eventsPerFile: 4, archive: {} });
    const archive = join(directory, 'archive');
    expect(visible(archive)).toEqual([expect.stringMatching(/-seqnumspan-11-12\.bevt$/)]);
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(2));
    // a file that holds nothing is removed, not archived
    await runAll(EMPTY, { directory, archive: {} });
    expect([visible(directory), visible(archive)]).toEqual([['archive'], [expect.stringMatching(/-11-12\.bevt$/)]]);
  });

  test('D3c the last one stays if not everything was processed', async () => {
    const directory = folderOf();
    const acknowledge = { blockOf: () => ({ block: 'one', begins: true }), done$: NEVER };
    await runAll(messagesOf(['one']), { directory, acknowledge });
    expect(visible(directory)).toEqual(['datanode-buffer-1-10000000.bevt']);
    expect((await runAll(EMPTY, { directory })).texts).toEqual(['one']);
  });

  test('D3d D3f gzipped after a minute; also what an earlier run left', async () => {
    const directory = folderOf();
    const archive = folderOf();
    const scheduler = new TestScheduler(() => {});
    scheduler.maxFrames = 60_000;
    await runSome(
      open(textsOf(5)),
      { settlement: 'none' as const, directory, eventsPerFile: 4, archive: { directory: archive } },
      5,
    );
    const { observer, until } = noticeLog();
    const source = new Subject<Uint8Array>();
    const options = {
      settlement: 'none' as const,
      directory,
      eventsPerFile: 4,
      archive: { directory: archive },
      scheduler,
      notices: observer,
    };
    const watched = watch(bufferOnDisk(source, options)(NEVER));
    await when(() => source.observed && scheduler.actions.length > 0);
    expect(visible(archive)).toEqual([expect.stringMatching(/-1-4\.bevt$/)]);
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([60_000]);
    scheduler.flush();
    await when(() => visible(archive).some(name => name.endsWith('.gz')) && visible(archive).length === 1);
    expect(gunzipSync(readFileSync(join(archive, visible(archive)[0]!)))).toEqual(
      Buffer.from(recordsOf(textsOf(4), 1)),
    );
    expect(readdirSync(archive).filter(name => name !== '.lock')).toHaveLength(1);
    watched.subscription.unsubscribe();
    await until('Released');
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(4));
  });

  test('D3g the oldest are removed past maximumSizeBytes', async () => {
    const directory = folderOf();
    // each file holds 4 records of 21 bytes
    await runSome(
      open(textsOf(9)),
      { settlement: 'none' as const, directory, eventsPerFile: 4, archive: { maximumSizeBytes: 84 } },
      9,
    );
    expect(visible(join(directory, 'archive'))).toEqual([expect.stringMatching(/-seqnumspan-5-8\.bevt$/)]);
    expect(visible(directory)).toContain('datanode-buffer-9-12.bevt');
  });

  test('D3g D3h if the clock is set back, names keep the order of their records, and the oldest is removed first', async () => {
    const directory = folderOf();
    const archive = join(directory, 'archive');
    const run = async (at: number, texts: readonly string[], maximumSizeBytes = 1000) => {
      const scheduler = new VirtualTimeScheduler();
      scheduler.frame = at;
      const options = { directory, eventsPerFile: 1, archive: { maximumSizeBytes }, scheduler, sync: 'never' as const };
      await runAll(messagesOf(texts), options);
    };
    await run(7_200_000, textsOf(3));
    await run(3_600_000, textsOf(3, 4));
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(6));
    // each file holds a record of 21 bytes
    await run(1000, textsOf(1, 7), 3 * 21);
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(3, 5));
  });

  test('R2b names without .bevt are archived ones: they come in order, count towards the size, and are removed', async () => {
    const directory = folderOf();
    const old = 'datanode-buffer-2001-09-09-01-46-40-1000000000000000000-seqnumspan-1-2';
    const archive = folderOf({
      [old]: recordsOf(['a', 'b']),
      [`${old.slice(0, -3)}3-4.gz`]: gzipSync(recordsOf(['c', 'd'])),
    });
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(['a', 'b', 'c', 'd']);
    await runAll(messagesOf(['e']), { directory, archive: { directory: archive, maximumSizeBytes: 20 } });
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(['e']);
  });

  test('a change of the working directory has no effect', async () => {
    const [home, elsewhere, cwd] = [folderOf(), folderOf(), process.cwd()];
    process.chdir(home);
    try {
      const options = { directory: 'buffer', eventsPerFile: 2, archive: { directory: 'kept' } };
      const { observer, until } = noticeLog();
      const buffer = bufferOnDisk(messagesOf(textsOf(4)), { settlement: 'none', ...options, notices: observer });
      process.chdir(elsewhere);
      expect((await watchAll(buffer(NEVER))).texts).toEqual(textsOf(4));
      await until('Released');
      process.chdir(home);
      const recorded = bufferFiles({ directory: 'kept' });
      const writing = recordToFile('copy.bevt');
      process.chdir(elsewhere);
      expect((await watchAll(recorded.pipe(writing))).texts).toEqual(textsOf(4));
      expect([readdirSync(elsewhere), readdirSync(home).sort()]).toEqual([[], ['buffer', 'copy.bevt', 'kept']]);
    } finally {
      process.chdir(cwd);
    }
  });
});
