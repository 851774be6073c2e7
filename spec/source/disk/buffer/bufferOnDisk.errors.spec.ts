import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BehaviorSubject, from, NEVER, Observable, of, Subject } from 'rxjs';
import { bufferOnDisk } from '../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { bufferRun, drained, trickle } from './bufferRun.js';
import { FaultyFiles } from './FaultyFiles.js';
import { folderOf } from '../folder.js';
import { bytesOf } from '../records.js';
import { runAll, textsOf } from './runBuffer.js';
import { noticeLog, settled, watch, when } from '../watch.js';

const silent = () => jest.spyOn(console, 'error').mockImplementation(() => {});
let error: ReturnType<typeof silent>;
beforeEach(() => {
  error = silent();
});
afterEach(() => {
  error.mockRestore();
});

const paused = () => new BehaviorSubject(true);

describe('D6a an error comes immediately, also while the consumer pauses', () => {
  test('a full disk', async () => {
    const steps = new FaultyFiles();
    bufferRun(steps, trickle(textsOf(20), 2), {}, () => {}, paused());
    await drained();
    const step = steps.steps.length - 4;
    const run = bufferRun(
      new FaultyFiles({ kind: 'error', code: 'ENOSPC', step, cut: 0 }),
      trickle(textsOf(20), 2),
      {},
      () => {},
      paused(),
    );
    await drained();
    expect(run.end).toMatchObject({ name: 'BufferFileError', cause: { code: 'ENOSPC' } });
  });

  test.each<[string, Observable<unknown>, object, string]>([
    [
      'too large a message',
      from([new Uint8Array(5), new Uint8Array(6)]),
      { maxMessageBytes: 5 },
      'MessageTooLargeError',
    ],
    ['no bytes', from([new Uint8Array(5), 'text']), {}, 'MessageTypeError'],
    ['what pretends to be bytes', of({ [Symbol.toStringTag]: 'Uint8Array', length: 5 }), {}, 'MessageTypeError'],
    [
      'a full write buffer',
      from(Array.from({ length: 100 }, () => new Uint8Array(9))),
      { writeBufferBytes: 9 },
      'WriteBufferFullError',
    ],
    [
      'a blockOf that gives nothing',
      of(new Uint8Array(1)),
      { sync: 'onBlock', acknowledge: { blockOf: () => undefined, done$: NEVER } },
      'OptionError',
    ],
    [
      'a key that is no string',
      NEVER,
      { acknowledge: { blockOf: () => ({ block: '', begins: true }), done$: of(7) } },
      'OptionError',
    ],
  ])('%s', async (_, source, options, name) => {
    const directory = folderOf();
    const watched = watch(bufferOnDisk(source as never, { settlement: 'none', directory, ...options })(paused()));
    await watched.ended;
    expect(watched.end).toMatchObject({ name });
    // the folder is free again
    await when(() => !readdirSync(directory).includes('.lock'));
  });

  test('bytes of another realm are bytes', async () => {
    const { runInNewContext } = await import('node:vm');
    const foreign = runInNewContext('Uint8Array.of(104, 105)') as Uint8Array;
    expect((await runAll(of(foreign), { directory: folderOf() })).texts).toEqual(['hi']);
  });
});

describe('D6d an error after unsubscription', () => {
  /** Unsubscribes while three messages wait to be written, and the disk is full. */
  const left = async (notices?: ReturnType<typeof noticeLog>['observer']) => {
    const source = new Subject<Uint8Array>();
    const files = new FaultyFiles();
    const { open } = files;
    files.open = async (path, mode) => {
      const file = await open.call(files, path, mode);
      const full = () => Promise.reject(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }));
      return path.endsWith('.bevt') ? { ...file, write: full } : file;
    };
    const { bufferOptions } = await import('../../../../lib/source/disk/buffer/bufferOptions.js');
    const { DiskBuffer } = await import('../../../../lib/source/disk/buffer/DiskBuffer.js');
    const { fromFeed } = await import('../../../../lib/source/disk/fromFeed.js');
    const options = bufferOptions({ directory: '/buffer', ...(notices && { notices }) });
    const watched = watch(fromFeed(() => new DiskBuffer(source, options, files), { what: '/buffer', notices }));
    await drained();
    for (const text of textsOf(3)) source.next(bytesOf(text));
    watched.subscription.unsubscribe();
    await drained();
    expect([watched.end, files.isLocked, files.openHandles]).toEqual(['running', false, 0]);
  };

  test('D6c is a Failed notice', async () => {
    const { notices, observer } = noticeLog();
    await left(observer);
    expect(notices).toMatchObject([
      { type: 'Failed', subscriber: { name: '/buffer' }, error: { name: 'BufferFileError' } },
      { type: 'Released' },
    ]);
    expect(error).not.toHaveBeenCalled();
  });

  test('or is written to the console', async () => {
    await left();
    expect(error.mock.calls).toEqual([
      [expect.stringContaining('/buffer failed'), expect.objectContaining({ name: 'BufferFileError' })],
    ]);
  });
});

describe('L1 whatever the code of the user throws, the folder is released', () => {
  const thrown = new Error('thrown');
  const throwing = () => {
    throw thrown;
  };

  test('a source that cannot be subscribed', async () => {
    const directory = folderOf();
    const first = await runAll(throwing, { directory });
    expect(first.end).toBe(thrown);
    expect((await runAll(of(bytesOf('one')), { directory })).texts).toEqual(['one']);
  });

  test('a source and a done$ whose teardowns throw: both are unsubscribed', async () => {
    const directory = folderOf();
    const torn: string[] = [];
    let subscribed = 0;
    const tearing = (name: string) =>
      new Observable<never>(() => {
        subscribed++;
        return () => {
          torn.push(name);
          throw thrown;
        };
      });
    const { observer, until } = noticeLog();
    const acknowledge = { blockOf: () => ({ block: '', begins: true }), done$: tearing('done$') };
    const watched = watch(bufferOnDisk(tearing('source'), { directory, acknowledge, notices: observer })(NEVER));
    await when(() => subscribed === 2);
    watched.subscription.unsubscribe();
    await until('Released');
    expect(torn.sort()).toEqual(['done$', 'source']);
    expect((await runAll(of(bytesOf('one')), { directory })).texts).toEqual(['one']);
  });

  test('an observer of notices', async () => {
    const directory = folderOf();
    const notices = { next: throwing };
    for (const texts of [['one'], ['two']]) {
      const watched = watch(
        bufferOnDisk(from(texts.map(bytesOf)), {
          settlement: 'none',
          directory,
          sync: 'always',
          maxBufferedBytes: 1,
          notices,
        })(NEVER),
      );
      await watched.ended;
      expect([watched.texts, watched.end]).toEqual([texts, 'complete']);
      await when(() => !readdirSync(directory).includes('.lock'));
      await settled();
    }
  });
});
