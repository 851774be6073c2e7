import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, concat, EMPTY, from, NEVER, Observable, of, Subject, take, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Source } from '../../../lib/flow/Source.js';
import { bufferFiles } from '../../../lib/source/disk/bufferFiles.js';
import { bufferOnDisk } from '../../../lib/source/disk/bufferOnDisk.js';
import { byAge } from '../../../lib/source/disk/fileName.js';
import { folderOf } from './folder.js';
import { bytesOf, recordsOf } from './records.js';
import { noticeLog, settled, watch, watchAll, when, type Watched } from './watch.js';

const textsOf = (count: number, first = 1) => Array.from({ length: count }, (_, at) => `message ${first + at}`);
const messagesOf = (texts: readonly string[]) => from(texts.map(bytesOf));

/** Runs a buffer to its end, and waits until it has let go of its folder. */
const runAll = async (
  source: Source<Uint8Array>,
  options: Parameters<typeof bufferOnDisk>[1],
  pause$: Observable<boolean> = NEVER,
): Promise<Watched> => {
  const { observer, until } = noticeLog();
  const watched = await watchAll(bufferOnDisk(source, { notices: observer, ...options })(pause$));
  if (options.notices === undefined) await until('Released');
  return watched;
};

/** As `runAll`, for the consumer that takes so many and leaves. */
const runSome = async (source: Source<Uint8Array>, options: Parameters<typeof bufferOnDisk>[1], count: number) => {
  const { observer, until } = noticeLog();
  const watched = await watchAll(bufferOnDisk(source, { ...options, notices: observer })(NEVER).pipe(take(count)));
  await until('Released');
  return watched;
};

const visible = (directory: string) =>
  readdirSync(directory)
    .filter(name => !name.startsWith('.'))
    .sort(byAge);

describe('D1 at the pace of each', () => {
  test('it takes from its source though nothing is asked for', async () => {
    const directory = folderOf();
    const pause$ = new BehaviorSubject(false);
    let taken = 0;
    const source = new Observable<Uint8Array>(subscriber => {
      for (const text of textsOf(10_000)) {
        taken++;
        subscriber.next(bytesOf(text));
      }
      subscriber.complete();
    });
    const watched = watch(bufferOnDisk(source, { directory })(pause$), () => pause$.next(true));
    await when(() => watched.texts.length === 1);
    await settled();
    expect([taken, watched.texts]).toEqual([10_000, ['message 1']]);
    watched.subscription.unsubscribe();
  });

  test('also from a consumer that is paused from the start', async () => {
    const pause$ = new BehaviorSubject(true);
    const source = new Subject<Uint8Array>();
    const watched = watch(bufferOnDisk(source, { directory: folderOf() })(pause$));
    await when(() => source.observed);
    source.next(bytesOf('one'));
    await settled();
    expect(watched.texts).toEqual([]);
    pause$.next(false);
    await when(() => watched.texts.length === 1);
    watched.subscription.unsubscribe();
  });

  test('it pauses its source past writeBufferBytes, until half of them await the disk', async () => {
    const directory = folderOf();
    const levels: boolean[] = [];
    const pending: number[] = [];
    const source = (pause$: Observable<boolean>) =>
      new Observable<Uint8Array>(subscriber => {
        let isPaused = false;
        let at = 0;
        const run = () => {
          while (!isPaused && at < 200) {
            at++;
            subscriber.next(new Uint8Array(1000));
          }
          if (at === 200) subscriber.complete();
        };
        subscriber.add(
          pause$.subscribe(level => {
            levels.push(level);
            isPaused = level;
            if (level) pending.push(at);
            run();
          }),
        );
      });
    const { texts } = await runAll(source, { directory, writeBufferBytes: 10_000 });
    expect(texts).toHaveLength(200);
    // begins with its level, and changes it each time
    expect(levels.slice(0, 4)).toEqual([false, true, false, true]);
    // ten records of 1012 bytes are more than 10,000
    expect(pending[0]).toBe(10);
  });

  test('it pauses its source past maxBufferedBytes, and tells', async () => {
    const directory = folderOf();
    const pause$ = new BehaviorSubject(true);
    const { notices, observer, until } = noticeLog();
    let isPaused = false;
    const source = (level$: Observable<boolean>) =>
      new Observable<Uint8Array>(subscriber => {
        subscriber.add(level$.subscribe(level => (isPaused = level)));
        for (let at = 0; at < 20; at++) subscriber.next(new Uint8Array(1000));
      });
    const watched = watch(bufferOnDisk(source, { directory, maxBufferedBytes: 15_000, notices: observer })(pause$));
    pause$.next(false);
    pause$.next(true);
    pause$.next(false);
    await until('Full');
    await when(() => watched.texts.length === 20 && !isPaused);
    expect(notices.filter(({ type }) => type === 'Full')).toEqual([{ type: 'Full', what: directory }]);
    watched.subscription.unsubscribe();
  });

  test('a source that does not pause ends with an error, not with all memory', async () => {
    const directory = folderOf();
    let taken = 0;
    const firehose = new Observable<Uint8Array>(subscriber => {
      while (!subscriber.closed) {
        taken++;
        subscriber.next(new Uint8Array(988));
      }
    });
    const { end } = await runAll(firehose, { directory, writeBufferBytes: 10_000 });
    expect(end).toMatchObject({ name: 'WriteBufferFullError', directory, maxBytes: 160_000 });
    expect(taken).toBe(162);
  });

  test('a message past maxMessageBytes is an error', async () => {
    const { end } = await runAll(messagesOf(['12345', '123456']), { directory: folderOf(), maxMessageBytes: 5 });
    expect(end).toMatchObject({ name: 'MessageTooLargeError', bytes: 6, maxMessageBytes: 5 });
  });
});

test('D2 eventsPerFile: 0 switches it off: the pause goes through to the source', () => {
  const directory = join(folderOf(), 'none');
  const pause$ = new BehaviorSubject(true);
  const seen: unknown[] = [];
  const source = (level$: Observable<boolean>) => {
    seen.push(level$);
    return of(bytesOf('one'));
  };
  bufferOnDisk(source, { directory, eventsPerFile: 0 })(pause$).subscribe(message => seen.push(message));
  expect(seen).toEqual([pause$, bytesOf('one')]);
  expect(existsSync(directory)).toBe(false);
});

describe('D3 files', () => {
  test('rolled every eventsPerFile, with the planned last number; removed once done', async () => {
    const directory = folderOf();
    const { texts } = await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4 }, 6);
    expect(texts).toEqual(textsOf(6));
    // the sixth was not acknowledged: the seventh was not asked for
    expect(visible(directory)).toEqual([
      'datanode-buffer-5-8.bevt',
      ...(visible(directory).length > 1 ? ['datanode-buffer-9-12.bevt'] : []),
    ]);
  });

  test('the records are those of the Go node, numbered from 1', async () => {
    const directory = folderOf();
    await runAll(messagesOf(['one', '', 'three']), { directory });
    expect(readFileSync(join(directory, 'datanode-buffer-1-10000000.bevt'))).toEqual(
      Buffer.from(recordsOf(['one', '', 'three'], 1)),
    );
  });

  test('archived ones and live ones together are what was buffered', async () => {
    const directory = folderOf();
    await runAll(messagesOf(textsOf(10)), { directory, eventsPerFile: 4, archive: {} });
    expect(visible(directory)).toEqual(['archive', 'datanode-buffer-9-12.bevt']);
    const archive = join(directory, 'archive');
    expect(visible(archive)).toEqual([
      expect.stringMatching(/^datanode-buffer-\d{4}(-\d\d){5}-\d+-seqnumspan-1-4\.bevt$/),
      expect.stringMatching(/-seqnumspan-5-8\.bevt$/),
    ]);
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(8));
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['message 9', 'message 10']);
    // what is done with has no checksums left behind
    expect(readdirSync(directory).filter(name => name.endsWith('.sums'))).toHaveLength(1);
  });

  test('gzipped after a minute; also what an earlier run left', async () => {
    const directory = folderOf();
    const archive = folderOf();
    const scheduler = new TestScheduler(() => {});
    scheduler.maxFrames = 60_000;
    await runAll(messagesOf(textsOf(5)), { directory, eventsPerFile: 4, archive: { directory: archive } });
    const { observer, until } = noticeLog();
    const source = new Subject<Uint8Array>();
    const options = { directory, eventsPerFile: 4, archive: { directory: archive }, scheduler, notices: observer };
    const watched = watch(bufferOnDisk(source, options)(NEVER));
    await when(() => source.observed && scheduler.actions.length > 0);
    expect(visible(archive)).toEqual([expect.stringMatching(/-1-4\.bevt$/)]);
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([60_000]);
    scheduler.flush();
    await when(() => visible(archive).some(name => name.endsWith('.gz')) && visible(archive).length === 1);
    expect(gunzipSync(readFileSync(join(archive, visible(archive)[0]!)))).toEqual(
      Buffer.from(recordsOf(textsOf(4), 1)),
    );
    expect(readdirSync(archive)).toHaveLength(1);
    watched.subscription.unsubscribe();
    await until('Released');
    expect((await watchAll(bufferFiles({ directory: archive }))).texts).toEqual(textsOf(4));
  });

  test('the oldest are removed past maximumSizeBytes', async () => {
    const directory = folderOf();
    // each file holds 4 records of 21 bytes
    await runAll(messagesOf(textsOf(9)), { directory, eventsPerFile: 4, archive: { maximumSizeBytes: 84 } });
    expect(visible(join(directory, 'archive'))).toEqual([expect.stringMatching(/-seqnumspan-5-8\.bevt$/)]);
    expect(visible(directory)).toContain('datanode-buffer-9-12.bevt');
  });
});

describe('D4 the end of the source', () => {
  test('completion comes after all that was before it', async () => {
    expect(await runAll(messagesOf(textsOf(1000)), { directory: folderOf() })).toMatchObject({
      texts: textsOf(1000),
      end: 'complete',
    });
  });

  test('so does an error', async () => {
    const broken = new Error('source');
    const source = concat(
      messagesOf(textsOf(1000)),
      throwError(() => broken),
    );
    expect(await runAll(source, { directory: folderOf() })).toMatchObject({ texts: textsOf(1000), end: broken });
  });

  test('an empty source completes', async () => {
    expect(await runAll(EMPTY, { directory: folderOf() })).toMatchObject({ texts: [], end: 'complete' });
  });
});

describe('D5 a restart', () => {
  test('resumes behind what was done with, and goes on numbering', async () => {
    const directory = folderOf();
    await runSome(messagesOf(textsOf(10)), { directory, eventsPerFile: 4 }, 6);
    const { texts } = await runAll(messagesOf(['new']), { directory, eventsPerFile: 4 });
    // the sixth was given, and the seventh not asked for
    expect(texts).toEqual([...textsOf(5, 6), 'new']);
    expect((await runAll(EMPTY, { directory, eventsPerFile: 4 })).texts).toEqual([]);
  });

  test('with acknowledge, from the first message of the first block that was not named', async () => {
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
    // one that is named while it is the last is done with to its end
    expect(await run(messagesOf(['c3']), { c1: 'c' })).toEqual(['c1', 'c2', 'c3']);
    expect(await run(EMPTY, {})).toEqual([]);
  });

  test('cuts off a torn tail, so that the file is one of whole records again', async () => {
    const directory = folderOf();
    await runAll(messagesOf(textsOf(3)), { directory });
    const file = join(directory, 'datanode-buffer-1-10000000.bevt');
    appendFileSync(file, recordsOf(['torn, and longer than what comes next'], 4).subarray(0, 40));
    expect((await runAll(messagesOf(['new']), { directory })).texts).toEqual(['new']);
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({
      texts: [...textsOf(3), 'new'],
      end: 'complete',
    });
  });

  test('what done$ errors with is the error', async () => {
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

  test('everyMs: one timer, from the first write that is not synced', async () => {
    const scheduler = new TestScheduler(() => {});
    const source = new Subject<Uint8Array>();
    const { notices, observer } = noticeLog();
    const options = { directory: folderOf(), sync: { everyMs: 5 }, scheduler, notices: observer };
    const watched = watch(bufferOnDisk(source, options)(NEVER));
    await when(() => source.observed);
    expect(scheduler.actions).toHaveLength(0);
    source.next(bytesOf('one'));
    await when(() => watched.texts.length === 1);
    source.next(bytesOf('two'));
    await when(() => watched.texts.length === 2);
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([5]);
    expect(notices).toEqual([]);
    scheduler.flush();
    await when(() => notices.length > 0);
    expect(notices[0]).toEqual({ type: 'Lag', what: options.directory, events: 0, bytes: 0 });
    watched.subscription.unsubscribe();
  });
});

describe('D8 damage is an error', () => {
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
    expect((end as Error).message).toContain('datanode-buffer-100-103.bevt behind ');
  });

  test('a file that is cut', async () => {
    const { directory, texts, end } = await damaged(folder => {
      const file = join(folder, 'datanode-buffer-1-4.bevt');
      writeFileSync(file, readFileSync(file).subarray(0, 50));
    });
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'datanode-buffer-1-4.bevt') });
    expect(texts).toEqual(textsOf(texts.length));
  });
});

describe('D7 the lock', () => {
  test('a second one of this process is refused', async () => {
    const directory = folderOf();
    const first = watch(bufferOnDisk(NEVER, { directory })(NEVER));
    await when(() => existsSync(join(directory, '.cursor')));
    const { end } = await watchAll(bufferOnDisk(NEVER, { directory })(NEVER));
    expect(end).toMatchObject({ name: 'DirectoryInUseError', directory, pid: process.pid });
    expect(first.end).toBe('running');
    first.subscription.unsubscribe();
  });

  test("another process's is refused, with its pid, and left as it is", async () => {
    const holder = process.ppid;
    const directory = folderOf({ [`.lock-${holder}`]: '' });
    const { end } = await watchAll(bufferOnDisk(NEVER, { directory })(NEVER));
    expect(end).toMatchObject({ name: 'DirectoryInUseError', directory, pid: holder });
    await when(() => readdirSync(directory).join() === `.lock-${holder}`);
  });

  test("a dead process's is taken over, also one of our own pid", async () => {
    // pids end at 2²²
    const directory = folderOf({ '.lock-4194305': '', [`.lock-${process.pid}`]: '' });
    expect((await runAll(messagesOf(['one']), { directory })).texts).toEqual(['one']);
    expect(readdirSync(directory).filter(name => name.startsWith('.lock'))).toEqual([]);
  });
});

describe('L1 release', () => {
  test('a second run of the same buffer waits for the first one, also from inside its end', async () => {
    const directory = folderOf();
    const buffer = bufferOnDisk(messagesOf(textsOf(3)), { directory });
    expect(await watchAll(concat(buffer(NEVER), buffer(NEVER)))).toMatchObject({
      texts: [...textsOf(3), ...textsOf(3)],
      end: 'complete',
    });
  });

  test('unsubscribing writes what was taken', async () => {
    const directory = folderOf();
    const source = new Subject<Uint8Array>();
    const { observer, until } = noticeLog();
    const watched = watch(bufferOnDisk(source, { directory, notices: observer })(NEVER));
    await when(() => source.observed);
    for (const text of textsOf(100)) source.next(bytesOf(text));
    watched.subscription.unsubscribe();
    expect(source.observed).toBe(false);
    await until('Released');
    expect(watched.texts).toEqual([]);
    expect((await runAll(EMPTY, { directory })).texts).toEqual(textsOf(100));
  });

  test('unsubscribing while it opens', async () => {
    const directory = folderOf();
    const { observer, until } = noticeLog();
    let isSubscribed = false;
    const source = new Observable<Uint8Array>(() => void (isSubscribed = true));
    const watched = watch(bufferOnDisk(source, { directory, notices: observer })(NEVER));
    await settled();
    watched.subscription.unsubscribe();
    await until('Released');
    expect(readdirSync(directory).filter(name => name.startsWith('.lock'))).toEqual([]);
    expect(typeof isSubscribed).toBe('boolean');
  });
});

test.each([
  ['eventsPerFile', { eventsPerFile: -1 }],
  ['writeBufferBytes', { writeBufferBytes: 0 }],
  ['maxBufferedBytes', { maxBufferedBytes: 0.5 }],
  ['maxMessageBytes', { maxMessageBytes: -1 }],
  ['archive.maximumSizeBytes', { archive: { maximumSizeBytes: -1 } }],
  ['sync.everyMs', { sync: { everyMs: -1 } }],
  ['acknowledge', { sync: 'onBlock' }],
] as const)('D1 %s is checked at the call', (option, options) => {
  expect(() => bufferOnDisk(NEVER, { directory: '.', ...options })).toThrow(
    expect.objectContaining({ name: 'OptionError', option }),
  );
});
