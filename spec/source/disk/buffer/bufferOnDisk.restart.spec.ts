import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER, type Observable, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { bufferRun, drained, open } from './bufferRun.js';
import { FaultyFiles } from './FaultyFiles.js';
import type { Loss } from './Inode.js';
import { folderOf } from '../folder.js';
import { bytesOf, recordsOf, textOf } from '../records.js';
import { messagesOf, runAll, runSome, textsOf, visible } from './runBuffer.js';
import { noticeLog, watch, watchAll, when } from '../watch.js';

describe('D5 a restart', () => {
  test('D5b D5d resumes after what was processed, and continues the numbers', async () => {
    const directory = folderOf();
    await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4 }, 6);
    const { texts } = await runAll(messagesOf(['new']), { directory, eventsPerFile: 4 });
    // the sixth was given, and the seventh not asked for
    expect(texts).toEqual([...textsOf(5, 6), 'new']);
    expect((await runAll(EMPTY, { directory, eventsPerFile: 4 })).texts).toEqual([]);
  });

  test('D5e D5f D5h with acknowledge, from the first message of the first block that was not acknowledged', async () => {
    const directory = folderOf();
    const blocks = ['a1', 'a2', 'B1', 'B2', 'c1', 'c2'];
    const blockOf = (message: Uint8Array) => {
      const text = Buffer.from(message).toString();
      return { block: text[0]!, begins: text.endsWith('1') };
    };
    const run = async (source: Observable<Uint8Array>, keys: Readonly<Record<string, string>>) => {
      const { observer, until } = noticeLog();
      const done$ = new Subject<string>();
      const options = { directory, acknowledge: { blockOf, done$ }, notices: observer, sync: 'onBlock' as const };
      const watched = watch(bufferOnDisk(source, options)(NEVER), text => {
        const key = keys[text];
        if (key !== undefined) done$.next(key);
      });
      await watched.ended;
      await until('Released');
      return watched.texts;
    };
    expect(await run(messagesOf(blocks), { b1: 'a' })).toEqual(blocks);
    // none was named: all again. Then a is named, in the other case, while B is under way, and an unknown one
    expect(await run(EMPTY, { B1: 'A', B2: 'x' })).toEqual(blocks);
    expect(await run(EMPTY, { B2: 'b' })).toEqual(['B1', 'B2', 'c1', 'c2']);
    // a block that is named while it is the last one is settled to its end
    expect(await run(messagesOf(['c3']), { c1: 'c' })).toEqual(['c1', 'c2', 'c3']);
    expect(await run(EMPTY, {})).toEqual([]);
  });

  test('D5c cuts off a torn tail, so that the file is one of whole records again', async () => {
    const directory = folderOf();
    await runSome(open(textsOf(3)), { directory }, 3);
    const file = join(directory, 'datanode-buffer-1-10000000.bevt');
    appendFileSync(file, recordsOf(['torn, and longer than what comes next'], 4).subarray(0, 40));
    expect((await runSome(open(['new']), { directory }, 2)).texts).toEqual(['message 3', 'new']);
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({
      texts: [...textsOf(3), 'new'],
      end: 'complete',
    });
  });

  test('an error of done$ is the error of the stream', async () => {
    const broken = new Error('done$');
    const blockOf = () => ({ block: '', begins: false });
    const acknowledge = { blockOf, done$: throwError(() => broken) };
    expect((await runAll(NEVER, { directory: folderOf(), acknowledge })).end).toBe(broken);
  });

  test.each(['always', 'never', { everyMs: 0 }] as const)('sync: %j', async sync => {
    const directory = folderOf();
    await runSome(messagesOf(textsOf(100)), { directory, sync }, 50);
    expect((await runAll(EMPTY, { directory, sync })).texts).toEqual(textsOf(51, 50));
  });

  const blockOf = (message: Uint8Array) => ({ block: 'one', begins: textOf(message).endsWith('1') });
  const acknowledge = { blockOf, done$: NEVER };
  test.each([
    ['always', 3],
    ['onBlock', 1],
    [{ everyMs: 50 }, 0],
    ['never', 0],
  ] as const)('D5i D5j sync: %j: what is written survives a kill, what is synced a crash', async (sync, synced) => {
    const texts = textsOf(3);
    const files = new FaultyFiles();
    const options = { sync, acknowledge, scheduler: new VirtualTimeScheduler() };
    const source = new Subject<Uint8Array>();
    bufferRun(files, source, options);
    for (const text of ['', ...texts]) {
      if (text !== '') source.next(bytesOf(text));
      await drained();
    }
    const after = async (loss: Loss) => {
      const { given } = bufferRun(files.after(loss), NEVER, options);
      await drained();
      return given;
    };
    expect(await after('nothing')).toEqual(texts);
    expect(await after('all')).toEqual(texts.slice(0, synced));
  });

  test.each([
    [{ everyMs: 5 }, 5],
    [undefined, 50],
  ])('D5i sync: %j: one timer, from the first write that is not synced', async (sync, ms) => {
    const scheduler = new TestScheduler(() => {});
    const source = new Subject<Uint8Array>();
    const { notices, observer } = noticeLog();
    const options = {
      settlement: 'none' as const,
      directory: folderOf(),
      ...(sync && { sync }),
      scheduler,
      notices: observer,
    };
    const watched = watch(bufferOnDisk(source, options)(NEVER));
    await when(() => source.observed);
    expect(scheduler.actions).toHaveLength(0);
    source.next(bytesOf('one'));
    await when(() => watched.texts.length === 1);
    source.next(bytesOf('two'));
    await when(() => watched.texts.length === 2);
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([ms]);
    expect(notices).toEqual([]);
    scheduler.flush();
    await when(() => notices.length > 0);
    expect(notices[0]).toEqual({ type: 'Lag', what: options.directory, events: 0, bytes: 0 });
    watched.subscription.unsubscribe();
  });
});

describe('D8b damage is an error', () => {
  const damaged = async (damage: (directory: string) => void) => {
    const directory = folderOf();
    await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4, sync: 'always' }, 1);
    await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4, sync: 'always' }, 1);
    damage(directory);
    return { directory, ...(await runAll(EMPTY, { directory, eventsPerFile: 4 })) };
  };

  test('a file that is missing between two', async () => {
    const { directory, end } = await damaged(folder => {
      expect(visible(folder)).toContain('datanode-buffer-5-8.bevt');
      writeFileSync(join(folder, 'datanode-buffer-100-103.bevt'), '');
    });
    expect(end).toMatchObject({ name: 'BufferFileError', file: directory });
    expect((end as Error).message).toContain('datanode-buffer-100-103.bevt after ');
  });

  test('a truncated file', async () => {
    const { directory, texts, end } = await damaged(folder => {
      const file = join(folder, 'datanode-buffer-1-4.bevt');
      writeFileSync(file, readFileSync(file).subarray(0, 50));
    });
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'datanode-buffer-1-4.bevt') });
    expect(texts).toEqual(textsOf(texts.length));
  });

  test('checksums that claim more bytes than the file has, or too much memory', async () => {
    const { directory, texts, end } = await damaged(folder => {
      const sums = join(folder, '.datanode-buffer-1-4.bevt.sums');
      const bytes = readFileSync(sums);
      bytes[bytes.length - 20 + 1] = 1; // of the last end: 2⁴⁸
      writeFileSync(sums, bytes);
    });
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'datanode-buffer-1-4.bevt') });
    expect(texts).toEqual(textsOf(texts.length));
  });
});
