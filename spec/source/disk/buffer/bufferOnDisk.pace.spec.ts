import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, concat, EMPTY, from, NEVER, Observable, of, Subject } from 'rxjs';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import type { BufferOnDiskOptions } from '../../../../lib/source/disk/buffer/bufferOptions.js';
import { folderOf } from '../folder.js';
import { bytesOf } from '../records.js';
import { messagesOf, runAll, textsOf } from './runBuffer.js';
import { noticeLog, settled, watch, when } from '../watch.js';

describe('D1 at the pace of each', () => {
  test('D1a D1e it reads its source although nothing is requested', async () => {
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
    const watched = watch(bufferOnDisk(source, { settlement: 'none', directory })(pause$), () => pause$.next(true));
    await when(() => watched.texts.length === 1);
    await settled();
    expect([taken, watched.texts]).toEqual([10_000, ['message 1']]);
    watched.subscription.unsubscribe();
  });

  test('also if the consumer is paused from the start', async () => {
    const pause$ = new BehaviorSubject(true);
    const source = new Subject<Uint8Array>();
    const watched = watch(bufferOnDisk(source, { settlement: 'none', directory: folderOf() })(pause$));
    await when(() => source.observed);
    source.next(bytesOf('one'));
    await settled();
    expect(watched.texts).toEqual([]);
    pause$.next(false);
    await when(() => watched.texts.length === 1);
    watched.subscription.unsubscribe();
  });

  test('it pauses its source above writeBufferBytes, until half of them are left', async () => {
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

  test('it pauses its source above maxBufferedBytes, and emits Full', async () => {
    const directory = folderOf();
    const pause$ = new BehaviorSubject(true);
    const { notices, observer, until } = noticeLog();
    let isPaused = false;
    const source = (level$: Observable<boolean>) =>
      new Observable<Uint8Array>(subscriber => {
        subscriber.add(level$.subscribe(level => (isPaused = level)));
        for (let at = 0; at < 20; at++) subscriber.next(new Uint8Array(1000));
      });
    const watched = watch(
      bufferOnDisk(source, { settlement: 'none', directory, maxBufferedBytes: 15_000, notices: observer })(pause$),
    );
    pause$.next(false);
    pause$.next(true);
    pause$.next(false);
    await until('Full');
    await when(() => watched.texts.length === 20 && !isPaused);
    expect(notices.filter(({ type }) => type === 'Full')).toEqual([{ type: 'Full', what: directory }]);
    watched.subscription.unsubscribe();
  });

  test.each([
    ['some', 7],
    ['all', 20],
  ])('D1d after a restart, settled messages do not count as unread: %s', async (_, done) => {
    const directory = folderOf();
    const done$ = new Subject<string>();
    const acknowledge = { blockOf: ([at = 0]: Uint8Array) => ({ block: String(at), begins: true }), done$ };
    const messages = Array.from({ length: 20 }, (_none, at) => Uint8Array.of(at + 1, ...new Uint8Array(64_987)));
    const first = watch(bufferOnDisk(concat(from(messages), NEVER), { directory, acknowledge })(NEVER));
    await when(() => first.texts.length === 20);
    done$.next(String(done));
    first.subscription.unsubscribe();

    const { notices, observer, until } = noticeLog();
    const source = new Subject<Uint8Array>();
    const levels: boolean[] = [];
    const pausable = (level$: Observable<boolean>) =>
      new Observable<Uint8Array>(subscriber => {
        subscriber.add(level$.subscribe(level => levels.push(level)));
        subscriber.add(source.subscribe(subscriber));
      });
    const bounds = { maxBufferedBytes: (20 - done) * 65_000 + 97_500, sync: 'always' as const };
    const second = watch(bufferOnDisk(pausable, { directory, acknowledge, ...bounds, notices: observer })(of(true)));
    await when(() => source.observed);
    source.next(new Uint8Array(64_988));
    const unread = 21 - done;
    expect(await until('Lag')).toMatchObject({ events: unread, bytes: unread * 65_000 });
    expect(levels).toEqual([false]);
    source.next(new Uint8Array(64_988));
    await until('Full');
    expect(levels).toEqual([false, true]);
    expect(notices.filter(({ type }) => type === 'Full')).toHaveLength(1);
    second.subscription.unsubscribe();
  });

  test('D1f a source that does not pause ends with an error instead of using up the memory', async () => {
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

  test('a message that is not bytes is an error; earlier messages are not lost', async () => {
    const directory = folderOf();
    const { end } = await runAll(from([bytesOf('one'), 'two' as never]), { directory });
    expect(end).toMatchObject({ name: 'MessageTypeError', found: 'String' });
    expect((await runAll(EMPTY, { directory })).texts).toEqual(['one']);
  });

  test('a message past maxMessageBytes is an error', async () => {
    const { end } = await runAll(messagesOf(['12345', '123456']), { directory: folderOf(), maxMessageBytes: 5 });
    expect(end).toMatchObject({ name: 'MessageTooLargeError', bytes: 6, maxMessageBytes: 5 });
  });
});

test('D2a eventsPerFile: 0 switches it off: the pause reaches the source', () => {
  const directory = join(folderOf(), 'none');
  const pause$ = new BehaviorSubject(true);
  const seen: unknown[] = [];
  const source = (level$: Observable<boolean>) => {
    seen.push(level$);
    return of(bytesOf('one'));
  };
  bufferOnDisk(source, { settlement: 'none', directory, eventsPerFile: 0 })(pause$).subscribe(message =>
    seen.push(message),
  );
  expect(seen).toEqual([pause$, bytesOf('one')]);
  expect(existsSync(directory)).toBe(false);
});

test.each([
  ['eventsPerFile', { eventsPerFile: -1 }],
  ['writeBufferBytes', { writeBufferBytes: 0 }],
  ['maxBufferedBytes', { maxBufferedBytes: 0.5 }],
  ['maxMessageBytes', { maxMessageBytes: -1 }],
  ['archive.maximumSizeBytes', { archive: { maximumSizeBytes: -1 } }],
  ['sync.everyMs', { sync: { everyMs: -1 } }],
  ['acknowledge', { sync: 'onBlock' }],
  ['sync', { sync: 'allways' }],
  ['directory', { directory: undefined }],
  ['acknowledge.blockOf', { acknowledge: { done$: NEVER } }],
  ['acknowledge.done$', { acknowledge: { blockOf: () => ({ block: '', begins: true }) } }],
  ['acknowledge.done', { acknowledge: { blockOf: () => ({ block: '', begins: true }), done$: NEVER, done: NEVER } }],
  ['eventsPerFile', { eventsPerFile: Infinity }],
  ['sync.everyMs', { sync: {} }],
  ['sync', { sync: null }],
  ['archive', { archive: true }],
  ['archive.directory', { archive: { directory: '' } }],
  ['archive.maximumSize', { archive: { maximumSize: 5 } }],
  ['directory', { directory: '' }],
  ['scheduler', { scheduler: {} }],
  ['notices', { notices: () => {} }],
  ['eventPerFile', { eventPerFile: 5 }],
])('D1 %s is checked at the call', (option, options) => {
  expect(() => bufferOnDisk(NEVER, { directory: '.', ...(options as Partial<BufferOnDiskOptions>) })).toThrow(
    expect.objectContaining({ name: 'OptionError', option }),
  );
});

test.each([undefined, null, 'a path', [bytesOf('one')]])(
  'D1 a value that is not a source (%p) is rejected by the call',
  source => {
    expect(() => bufferOnDisk(source as never, { directory: folderOf() })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'source' }),
    );
  },
);
