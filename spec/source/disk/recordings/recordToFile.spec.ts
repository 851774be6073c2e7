import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  EMPTY,
  from,
  ignoreElements,
  lastValueFrom,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { readSize } from '../../../../lib/source/disk/format/record.js';
import { recordToFile } from '../../../../lib/source/disk/recordings/recordToFile.js';
import { folderOf } from '../folder.js';
import { bytesOf, recordsOf, textOf } from '../records.js';
import { watch, watchAll } from '../watch.js';

const messagesOf = (...texts: string[]) => from(texts.map(bytesOf));
const newFile = () => join(folderOf(), 'new.evt');

describe('R7a bufferFiles reads what was recorded', () => {
  test('byte by byte, numbered from 0', async () => {
    const file = newFile();
    expect((await watchAll(messagesOf('one', '', 'three').pipe(recordToFile(file)))).texts).toEqual([
      'one',
      '',
      'three',
    ]);
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['one', '', 'three'])));
  });

  test('any messages', async () => {
    const sizes = fc.oneof(fc.nat(200), fc.nat(200), fc.integer({ min: 65_500, max: 65_560 }), fc.nat(200_000));
    const messages = fc.array(fc.tuple(sizes, fc.nat(255)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(messages, async specs => {
        const written = specs.map(([bytes, fill]) => new Uint8Array(bytes).fill(fill));
        const directory = folderOf();
        await lastValueFrom(from(written).pipe(recordToFile(join(directory, 'a')), ignoreElements()), {
          defaultValue: undefined,
        });
        const read = await lastValueFrom(bufferFiles({ directory }).pipe(toArray()));
        expect(read.length).toBe(written.length);
        read.forEach((message, at) => expect(Buffer.compare(message, written[at]!)).toBe(0));
      }),
      { numRuns: 40 },
    );
  });

  test('no messages are an empty file, and that is no error', async () => {
    const directory = folderOf();
    expect(await watchAll(EMPTY.pipe(recordToFile(join(directory, 'a'))))).toMatchObject({
      texts: [],
      end: 'complete',
    });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts: [], end: 'complete' });
  });
});

describe('R7 the file is whole', () => {
  test('when completion arrives', () => {
    const file = newFile();
    let bytes = 0;
    messagesOf('one', 'two')
      .pipe(recordToFile(file))
      .subscribe({ complete: () => (bytes = statSync(file).size) });
    expect(bytes).toBe(30);
  });

  test('when the error of the source arrives, which is passed on', () => {
    const file = newFile();
    const broken = new Error('source');
    const source = new Subject<Uint8Array>();
    const seen: unknown[] = [];
    source.pipe(recordToFile(file)).subscribe({ error: (error: unknown) => seen.push(error, statSync(file).size) });
    source.next(bytesOf('one'));
    source.error(broken);
    expect(seen).toEqual([broken, 15]);
  });

  test('when unsubscribing returns, also with take', () => {
    const file = newFile();
    messagesOf('one', 'two', 'three').pipe(recordToFile(file), take(2)).subscribe();
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['one', 'two'])));
    const other = newFile();
    const source = new Subject<Uint8Array>();
    const subscription = source.pipe(recordToFile(other)).subscribe();
    source.next(bytesOf('one'));
    expect(statSync(other).size).toBe(0);
    subscription.unsubscribe();
    expect(statSync(other).size).toBe(15);
    expect(source.observed).toBe(false);
  });
});

describe('R7 nothing queues up', () => {
  test('at most 64 kB wait, however fast the source', () => {
    const file = newFile();
    const waiting: number[] = [];
    let passed = 0;
    const message = new Uint8Array(1000);
    const firehose = new Observable<Uint8Array>(subscriber => {
      for (let at = 0; at < 1000; at++) subscriber.next(message);
      subscriber.complete();
    });
    firehose.pipe(recordToFile(file)).subscribe(() => {
      passed += 1012;
      waiting.push(passed - statSync(file).size);
    });
    expect(Math.max(...waiting)).toBeLessThanOrEqual(65_536);
    // in batches, not each by itself
    expect(Math.max(...waiting)).toBeGreaterThan(60_000);
  });

  test('a message larger than that is written by itself, after those before it', () => {
    const file = newFile();
    const texts = ['a', 'x'.repeat(70_000), 'b'];
    messagesOf(...texts)
      .pipe(recordToFile(file))
      .subscribe();
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(texts)));
  });
});

describe('R7 messages that cannot be written', () => {
  test('an existing file is not changed', async () => {
    const directory = folderOf({ a: 'precious' });
    const file = join(directory, 'a');
    const { texts, end } = await watchAll(messagesOf('one').pipe(recordToFile(file)));
    expect(texts).toEqual([]);
    expect(end).toMatchObject({ name: 'BufferFileError', file, offset: 0, found: expect.stringContaining('EEXIST') });
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('a missing folder', async () => {
    const file = join(folderOf(), 'nowhere', 'a');
    expect((await watchAll(messagesOf('one').pipe(recordToFile(file)))).end).toMatchObject({
      name: 'BufferFileError',
      file,
      cause: { code: 'ENOENT' },
    });
  });

  test('a message larger than maxMessageBytes, which no reader would accept', async () => {
    const file = newFile();
    const watched = await watchAll(messagesOf('12345', '123456').pipe(recordToFile(file, { maxMessageBytes: 5 })));
    expect(watched.texts).toEqual(['12345']);
    expect(watched.end).toMatchObject({ name: 'MessageTooLargeError', bytes: 6, maxMessageBytes: 5 });
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['12345'])));
  });

  test('a message that is not bytes', async () => {
    const file = newFile();
    const watched = await watchAll(from([bytesOf('1'), {} as never]).pipe(recordToFile(file)));
    expect([watched.texts, watched.end]).toMatchObject([['1'], { name: 'MessageTypeError', found: 'Object' }]);
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['1'])));
  });

  test('options are checked at the call', () => {
    expect(() => recordToFile('a', { maxMessageBytes: -1 })).toThrow('maxMessageBytes');
  });
});

describe('O3 the laws', () => {
  test('never stays open, an error comes immediately, nothing is opened before the subscription', async () => {
    const file = newFile();
    const recorded$ = NEVER.pipe(recordToFile(file));
    expect(existsSync(file)).toBe(false);
    const watched = watch(recorded$);
    expect([watched.end, existsSync(file)]).toEqual(['running', true]);
    watched.subscription.unsubscribe();
    const broken = new Error('at once');
    expect((await watchAll(throwError(() => broken).pipe(recordToFile(newFile())))).end).toBe(broken);
  });

  test('re-entrant messages are recorded in the order in which they pass', () => {
    const file = newFile();
    const source = new Subject<Uint8Array>();
    const seen: string[] = [];
    source.pipe(recordToFile(file)).subscribe(message => {
      seen.push(textOf(message));
      if (textOf(message) === 'a') source.next(bytesOf('b'));
    });
    source.next(bytesOf('a'));
    source.complete();
    expect(seen).toEqual(['a', 'b']);
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['a', 'b'])));
  });

  test('a message may be changed by its owner once it has passed', () => {
    const file = newFile();
    const source = new Subject<Uint8Array>();
    source.pipe(recordToFile(file)).subscribe();
    const message = bytesOf('one');
    source.next(message);
    message.fill(0);
    source.complete();
    expect(readFileSync(file)).toEqual(Buffer.from(recordsOf(['one'])));
  });
});

test('R1b the written size is that of number and message', () => {
  const file = newFile();
  of(new Uint8Array(300)).pipe(recordToFile(file)).subscribe();
  expect(readSize(readFileSync(file), 0)).toBe(308);
});
