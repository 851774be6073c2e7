import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, concat, NEVER, of, Subject, take, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { printArchivedName, printLiveName } from '../../../lib/source/disk/fileName.js';
import { bufferFiles } from '../../../lib/source/disk/bufferFiles.js';
import { folderOf } from './folder.js';
import { bytesOf, claiming, recordsOf } from './records.js';
import { noticeLog, settled, watch, watchAll, when } from './watch.js';

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `message ${at}`);

test('R1 a file of many reads, of chunks that end inside records, is read whole', async () => {
  const texts = Array.from({ length: 3000 }, (_, at) => `${at} ${'x'.repeat(at % 700)}`);
  const bytes = recordsOf(texts);
  expect(bytes.length).toBeGreaterThan(3 * 256 * 1024);
  expect(await watchAll(bufferFiles({ directory: folderOf({ a: bytes }) }))).toMatchObject({ texts, end: 'complete' });
});

describe('R2 which files, and in which order', () => {
  test('archived ones by time, then live ones by number', async () => {
    const directory = folderOf({
      [printLiveName(100, 199)]: recordsOf(['f']),
      [printLiveName(20, 99)]: recordsOf(['e']),
      [printLiveName(9, 19)]: recordsOf(['d']),
      [printArchivedName(20n, 1, 2)]: recordsOf(['c']),
      [`${printArchivedName(10n, 5, 8)}.gz`]: gzipSync(recordsOf(['b'])),
      [printArchivedName(9n, 500, 501)]: recordsOf(['a']),
    });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({
      texts: ['a', 'b', 'c', 'd', 'e', 'f'],
      end: 'complete',
    });
  });

  test('names without numbers by name', async () => {
    const directory = folderOf({ 'b.evt': recordsOf(['2']), 'a.evt': recordsOf(['1']), c: recordsOf(['3']) });
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1', '2', '3']);
  });

  test('folders, hidden files and locks are left alone; links to files are followed', async () => {
    const elsewhere = folderOf({ x: recordsOf(['linked']) });
    const directory = folderOf({ a: recordsOf(['1']), '.hidden': 'no', LOCK: '17', 'b.lock': '17' });
    mkdirSync(join(directory, 'archive'));
    symlinkSync(join(elsewhere, 'x'), join(directory, 'b'));
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1', 'linked']);
  });

  test('a gzipped copy beside its numbered file is not read twice', async () => {
    const name = printArchivedName(1n, 1, 2);
    const directory = folderOf({ [name]: recordsOf(['1']), [`${name}.gz`]: gzipSync(recordsOf(['1'])) });
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1']);
  });

  test('numbered and other names in one folder are an error that names one of each', async () => {
    const directory = folderOf({ [printLiveName(1, 2)]: recordsOf(['1']), 'a.evt': recordsOf(['2']) });
    const { texts, end } = await watchAll(bufferFiles({ directory }));
    expect(texts).toEqual([]);
    expect(end).toMatchObject({
      name: 'MixedFileNamesError',
      numbered: printLiveName(1, 2),
      other: 'a.evt',
      directory,
    });
  });

  test('an empty folder is an error that names it', async () => {
    const directory = folderOf({ '.hidden': 'no' });
    const { end } = await watchAll(bufferFiles({ directory }));
    expect(end).toMatchObject({ name: 'NoBufferFilesError', directory });
    expect((end as Error).message).toContain(`${directory}: expected a folder with files of records, found none in it`);
  });

  test('so is a folder that is not there, and a file in its place', async () => {
    const directory = join(folderOf({ file: '' }), 'nowhere');
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
      name: 'NoBufferFilesError',
      directory,
      found: expect.stringContaining('ENOENT'),
      cause: { code: 'ENOENT' },
    });
    const file = join(directory, '..', 'file');
    expect((await watchAll(bufferFiles({ directory: file }))).end).toMatchObject({
      name: 'NoBufferFilesError',
      found: expect.stringContaining('ENOTDIR'),
    });
  });

  test('a link to nothing is an error that names it', async () => {
    const directory = folderOf();
    symlinkSync(join(directory, 'nowhere'), join(directory, 'a.evt'));
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
      name: 'BufferFileError',
      file: join(directory, 'a.evt'),
    });
  });
});

describe('R1 gzip is known by its first bytes', () => {
  test('whatever the name says', async () => {
    const directory = folderOf({ 'a.evt': gzipSync(recordsOf(['1'])), 'b.gz': recordsOf(['2']) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts: ['1', '2'], end: 'complete' });
  });

  test('several members, as `cat a.gz b.gz` makes them', async () => {
    const members = [recordsOf(['1']).subarray(0, 5), recordsOf(['1']).subarray(5)].map(bytes => gzipSync(bytes));
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: Buffer.concat(members) }) }))).texts).toEqual(['1']);
  });

  test('much more than a chunk', async () => {
    const texts = numbered(20_000);
    const directory = folderOf({ a: gzipSync(recordsOf(texts)) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts, end: 'complete' });
  });

  test('R6 cut anywhere it is an error with the file', async () => {
    const packed = gzipSync(recordsOf(['one', 'two']));
    for (let cut = 1; cut < packed.length; cut++) {
      const directory = folderOf({ 'a.gz': packed.subarray(0, cut) });
      expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
        name: 'BufferFileError',
        file: join(directory, 'a.gz'),
      });
    }
  });

  test('R6 a flipped bit is an error, or is of no matter to what is packed', async () => {
    const packed = gzipSync(recordsOf(['one', 'two']));
    const directory = folderOf();
    let harmless = 0;
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const damaged = Buffer.from(packed);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(join(directory, 'a'), damaged);
      const { texts, end } = await watchAll(bufferFiles({ directory }));
      if (end === 'complete') {
        harmless++;
        expect(texts).toEqual(['one', 'two']);
      } else expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'a') });
    }
    // what the header says of time and system, and the bits that fill up the last byte
    expect(harmless).toBeLessThan(60);
  });

  test('R6 what was unpacked before the cut is given', async () => {
    const texts = Array.from({ length: 5000 }, (_, at) => `${at} ${Math.sin(at)}`);
    const packed = gzipSync(recordsOf(texts));
    const directory = folderOf({ 'a.gz': packed.subarray(0, packed.length - 100) });
    const watched = await watchAll(bufferFiles({ directory }));
    expect(watched.texts.length).toBeGreaterThan(1000);
    expect(watched.texts).toEqual(texts.slice(0, watched.texts.length));
    expect((watched.end as Error).message).toContain(
      'expected a whole, sound gzip file, found Z_BUF_ERROR, unexpected end',
    );
  });
});

describe('R6 damage is an error with file and offset, after what stands before it', () => {
  const good = recordsOf(['good']);
  test.each([
    ['cut in the size', Buffer.concat([good, Uint8Array.of(0, 0)])],
    ['cut in the number', Buffer.concat([good, recordsOf(['more']).subarray(0, 9)])],
    ['cut in the message', Buffer.concat([good, recordsOf(['more']).subarray(0, 15)])],
    ['size 0', Buffer.concat([good, claiming(0, new Uint8Array(20))])],
    ['size 7', Buffer.concat([good, claiming(7, new Uint8Array(20))])],
    ['size 0xffffffff', Buffer.concat([good, claiming(0xffffffff, new Uint8Array(20))])],
    ['a text', Buffer.concat([good, bytesOf('a text, which is long enough')])],
  ])('%s', async (_, content) => {
    const directory = folderOf({ a: content, b: recordsOf(['after']) });
    const { texts, end } = await watchAll(bufferFiles({ directory }));
    expect(texts).toEqual(['good']);
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'a'), offset: 16 });
  });

  test('a record does not go on in the next file', async () => {
    const file = recordsOf(['cut']);
    const directory = folderOf({ a: file.subarray(0, 13), b: file.subarray(13) });
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({ file: join(directory, 'a'), offset: 0 });
  });

  test('an empty file holds no records', async () => {
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: '', b: recordsOf(['1']) }) }))).texts).toEqual(['1']);
  });

  test('maxMessageBytes is exact', async () => {
    const directory = folderOf({ a: recordsOf(['12345', '123456']) });
    const { texts, end } = await watchAll(bufferFiles({ directory, maxMessageBytes: 5 }));
    expect(texts).toEqual(['12345']);
    expect(end).toMatchObject({ offset: 17, expected: "a record's size from 8 to 13", found: '14' });
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 32])('maxMessageBytes cannot be %d', maxMessageBytes => {
    expect(() => bufferFiles({ directory: '.', maxMessageBytes })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'maxMessageBytes' }),
    );
  });
});

describe('R3 blocks', () => {
  const blockOf = (message: Uint8Array) => ({ block: String(message[1]), begins: message[0] === '['.charCodeAt(0) });
  const texts = ['end 0', '[1', 'a', '[2', 'b', 'c', '[3'];

  test('what comes before the first begin is ignored, in all files together', async () => {
    const directory = folderOf({ a: recordsOf(['x', 'y']), b: recordsOf(texts), c: recordsOf(['z']) });
    expect((await watchAll(bufferFiles({ directory, blockOf }))).texts).toEqual([...texts.slice(1), 'z']);
  });

  test('without blockOf nothing is', async () => {
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: recordsOf(texts) }) }))).texts).toEqual(texts);
  });

  test('waits before each begin but the first', async () => {
    const scheduler = new TestScheduler(() => {});
    const directory = folderOf({ a: recordsOf(texts) });
    const seen: string[] = [];
    const watched = watch(
      bufferFiles({ directory, blockOf, timeBetweenBlocks: 100, scheduler }),
      text => void seen.push(`${scheduler.now()} ${text}`),
    );
    await when(() => {
      scheduler.flush();
      return watched.end !== 'running';
    });
    expect(seen).toEqual(['0 [1', '0 a', '100 [2', '100 b', '100 c', '200 [3']);
    expect(watched.end).toBe('complete');
  });

  test('unsubscribing in the wait leaves no timer', async () => {
    const scheduler = new TestScheduler(() => {});
    const { until, observer } = noticeLog();
    const directory = folderOf({ a: recordsOf(texts) });
    const watched = watch(bufferFiles({ directory, blockOf, timeBetweenBlocks: 100, scheduler, notices: observer }));
    await when(() => scheduler.actions.length > 0);
    expect(watched.texts).toEqual(['[1', 'a']);
    watched.subscription.unsubscribe();
    await until('Released');
    scheduler.flush();
    await settled();
    expect(watched.texts).toEqual(['[1', 'a']);
  });

  test('what blockOf throws is the error', async () => {
    const directory = folderOf({ a: recordsOf(texts) });
    const thrown = new Error('what is this?');
    const watched = await watchAll(
      bufferFiles({
        directory,
        blockOf: () => {
          throw thrown;
        },
      }),
    );
    expect(watched.end).toBe(thrown);
  });

  test.each([-1, NaN, Infinity])('timeBetweenBlocks cannot be %d, nor be without blockOf', timeBetweenBlocks => {
    expect(() => bufferFiles({ directory: '.', blockOf, timeBetweenBlocks })).toThrow('timeBetweenBlocks');
    expect(() => bufferFiles({ directory: '.', timeBetweenBlocks: 1 })).toThrow('blockOf');
  });
});

describe('R4 it completes, and tells its progress', () => {
  test('in bytes done of the bytes of all files, to the last one', async () => {
    const directory = folderOf({ a: recordsOf(numbered(10_000)), b: gzipSync(recordsOf(numbered(10_000))), c: '' });
    const { notices, observer } = noticeLog();
    await watchAll(bufferFiles({ directory, notices: observer }));
    const progress = notices.flatMap(notice => (notice.type === 'Progress' ? [notice] : []));
    const total = progress[0]!.totalBytes;
    expect(progress.every(({ totalBytes }) => totalBytes === total)).toBe(true);
    expect(progress.map(({ bytes }) => bytes)).toEqual(progress.map(({ bytes }) => bytes).sort((x, y) => x - y));
    expect(progress.at(-1)).toMatchObject({ file: join(directory, 'c'), bytes: total });
    expect(new Set(progress.map(({ file }) => file))).toEqual(new Set(['a', 'b', 'c'].map(f => join(directory, f))));
    // one a chunk, not one a record
    expect(progress.length).toBeLessThan(20);
  });
});

describe('B12 the brake', () => {
  const texts = numbered(1000);
  const directoryOf = () => folderOf({ a: recordsOf(texts) });

  test('nothing is emitted, and nothing read, while it is paused from the start', async () => {
    const pause$ = new BehaviorSubject(true);
    const { notices, observer } = noticeLog();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$, notices: observer }));
    await settled();
    expect([watched.texts, notices]).toEqual([[], []]);
    pause$.next(false);
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('a pause inside next is obeyed at once, and what was at hand comes in the call that ends it', async () => {
    const pause$ = new Subject<boolean>();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), text => {
      if (text === 'message 9' || text === 'message 500') pause$.next(true);
    });
    await when(() => watched.texts.length > 9);
    await settled();
    expect(watched.texts).toEqual(texts.slice(0, 10));
    pause$.next(false);
    expect(watched.texts).toEqual(texts.slice(0, 501));
    await settled();
    expect(watched.end).toBe('running');
    pause$.next(false);
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('toggled inside every next it does not re-enter', async () => {
    const pause$ = new Subject<boolean>();
    let depth = 0;
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), () => {
      expect(depth++).toBe(0);
      pause$.next(true);
      pause$.next(false);
      depth--;
    });
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('a pause with every message, ended later, loses and repeats nothing', async () => {
    const pause$ = new Subject<boolean>();
    const watched = watch(bufferFiles({ directory: directoryOf(), pause$ }), () => {
      pause$.next(true);
      setImmediate(() => pause$.next(false));
    });
    await watched.ended;
    expect(watched.texts).toEqual(texts);
  });

  test('while paused, later chunks are not read', async () => {
    const long = numbered(20_000);
    const directory = folderOf({ a: recordsOf(long) });
    const pause$ = new Subject<boolean>();
    const { notices, observer } = noticeLog();
    const watched = watch(bufferFiles({ directory, pause$, notices: observer }), text => {
      if (text === 'message 5') pause$.next(true);
    });
    await when(() => watched.texts.length > 5);
    await settled();
    expect(notices).toHaveLength(1);
    expect(watched.texts).toEqual(long.slice(0, 6));
    watched.subscription.unsubscribe();
  });

  test('when the level completes, the last one stays; when it errors, the source does', async () => {
    const running = await watchAll(bufferFiles({ directory: directoryOf(), pause$: of(true, false) }));
    expect(running.texts).toEqual(texts);
    const paused = watch(bufferFiles({ directory: directoryOf(), pause$: of(true) }));
    await settled();
    expect(paused).toMatchObject({ texts: [], end: 'running' });
    paused.subscription.unsubscribe();
    const broken = new Error('level');
    const failed = await watchAll(bufferFiles({ directory: directoryOf(), pause$: throwError(() => broken) }));
    expect(failed.end).toBe(broken);
    const unlevelled = await watchAll(bufferFiles({ directory: directoryOf(), pause$: NEVER }));
    expect(unlevelled.texts).toEqual(texts);
  });
});

const onLinux = process.platform === 'linux';

describe('L1 release', () => {
  // Linux shows a process its open files.
  const openFiles = (directory: string) =>
    !onLinux
      ? []
      : readdirSync('/proc/self/fd').filter(fd => {
          const link = join('/proc/self/fd', fd);
          return existsSync(link) && readlinkSync(link).startsWith(directory);
        });

  test.each(['plain', 'gzipped'])('%s: unsubscribing in the middle closes the file, and tells', async kind => {
    const content = recordsOf(numbered(50_000));
    const directory = folderOf({ a: kind === 'plain' ? content : gzipSync(content) });
    const { observer, until } = noticeLog();
    const open: string[][] = [];
    const messages$ = bufferFiles({ directory, notices: observer }).pipe(take(3));
    const watched = watch(messages$, () => open.push(openFiles(directory)));
    expect(await until('Released')).toEqual({ type: 'Released', what: directory });
    expect(watched.texts).toHaveLength(3);
    expect(open[0]).toHaveLength(onLinux ? 1 : 0);
    expect(openFiles(directory)).toEqual([]);
  });

  test('it is cold: each subscription reads from the start, also at once', async () => {
    const texts = numbered(100);
    const directory = folderOf({ a: recordsOf(texts) });
    const messages$ = bufferFiles({ directory });
    writeFileSync(join(directory, 'b'), recordsOf(['late']));
    const [first, second] = await Promise.all([watchAll(messages$), watchAll(messages$)]);
    expect([first.texts, second.texts]).toEqual([
      [...texts, 'late'],
      [...texts, 'late'],
    ]);
    expect((await watchAll(concat(messages$, messages$))).texts).toHaveLength(202);
  });

  test('unsubscribing before anything was read emits nothing', async () => {
    const { observer, until } = noticeLog();
    const watched = watch(bufferFiles({ directory: folderOf({ a: recordsOf(['1']) }), notices: observer }));
    watched.subscription.unsubscribe();
    await until('Released');
    await settled();
    expect(watched.texts).toEqual([]);
  });
});
