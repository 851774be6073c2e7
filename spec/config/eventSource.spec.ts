import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BehaviorSubject,
  NEVER,
  Subject,
  filter,
  from,
  lastValueFrom,
  map,
  of,
  pipe,
  take,
  takeWhile,
  tap,
  toArray,
} from 'rxjs';
import { backpressure } from '../../lib/operators/backpressure.js';
import type { Config } from '../../lib/config/Config.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';
import { eventSource } from '../../lib/config/eventSource.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { recordToFile } from '../../lib/source/disk/recordings/recordToFile.js';
import { inproc } from '../../lib/source/socket/inproc.js';
import { socketClient } from '../../lib/source/socket/socketClient.js';
import { recorder } from '../source/socket/recorder.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (message: Uint8Array) => new TextDecoder().decode(message);

const configOf = (input: unknown): Config => {
  const result = decodeConfig(input);
  if (isLeft(result)) throw result.left;
  return result.right;
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'event-source-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('eventSource', () => {
  test('C3a useEventFile: the recorded files, no disk buffer', async () => {
    await lastValueFrom(from(['a', 'b'].map(bytesOf)).pipe(recordToFile(join(directory, 'one.evt'))));
    const open = eventSource(
      configOf({ useEventFile: true, fileEventSourceConfig: { directory, timeBetweenBlocks: 0 } }),
      { bufferDirectory: join(directory, 'buffer') },
    );
    expect(await lastValueFrom(open(of(false)).pipe(map(textOf), toArray()))).toEqual(['a', 'b']);
    expect(readdirSync(directory)).toEqual(['one.evt']);
  });

  test('C3 timeBetweenBlocks, whose default is 1000, needs to know the blocks', () => {
    const open = eventSource(configOf({ useEventFile: true, fileEventSourceConfig: { directory } }));
    expect(() => open(of(false))).toThrow(expect.objectContaining({ name: 'OptionError', option: 'blockOf' }));
  });

  test.each([true, false])('C3b the socket, useBufferedEventSource %p', async useBufferedEventSource => {
    const bufferDirectory = join(directory, 'buffer');
    const addresses = recorder<{ readonly port: number }>();
    const notices = recorder<Notice>();
    const open = eventSource(configOf({ socketConfig: { port: 0 }, useBufferedEventSource }), {
      settlement: 'none',
      bufferDirectory,
      listening: addresses,
      notices,
      replies$: of(bytesOf('welcome')),
    });
    const received = lastValueFrom(open(of(false)).pipe(map(textOf), take(2), toArray()));
    await addresses.until(seen => seen.length > 0);
    const answers = recorder<string>();
    const client = socketClient({
      host: '127.0.0.1',
      port: addresses.seen[0]!.port,
      messages$: from(['a', 'b'].map(bytesOf)),
    }).subscribe(answer => answers.next(textOf(answer)));
    expect(await received).toEqual(['a', 'b']);
    await notices.until(seen => seen.some(({ type }) => type === 'Released'));
    client.unsubscribe();
    expect(readdirSync(directory)).toEqual(useBufferedEventSource ? ['buffer'] : []);
  });

  test('C3 without the disk buffer the pause goes to the socket', async () => {
    const pair = inproc();
    const pause$ = new BehaviorSubject(true);
    const seen = recorder<string>();
    const config = configOf({ socketConfig: { transportType: 'inproc' }, useBufferedEventSource: false });
    const subscription = eventSource(config, { inproc: pair })(pause$)
      .pipe(map(textOf))
      .subscribe(text => seen.next(text));
    const messages$ = new Subject<Uint8Array>();
    const sent = recorder<string>();
    pair.client({ messages$ }).subscribe({ complete: () => sent.next('complete') });
    messages$.next(bytesOf('a'));
    messages$.complete();
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
    expect([seen.seen, sent.seen]).toEqual([[], []]);
    pause$.next(false);
    await sent.until(all => all.length > 0);
    expect(seen.seen).toEqual(['a']);
    subscription.unsubscribe();
  });

  test.each([
    ['files', true, false],
    ['socket', false, false],
    ['socket', false, true],
  ])(
    'C3 inbound is in front of all the rest: %s, useEventFile %p, useBufferedEventSource %p',
    async (_, useEventFile, isBuffered) => {
      await lastValueFrom(from(['a', '', 'b', 'end', 'c'].map(bytesOf)).pipe(recordToFile(join(directory, 'one.evt'))));
      const pair = inproc();
      const config = configOf({
        useEventFile,
        fileEventSourceConfig: { directory, timeBetweenBlocks: 0 },
        socketConfig: { transportType: 'inproc' },
        useBufferedEventSource: isBuffered,
      });
      const open = eventSource(config, {
        inproc: pair,
        settlement: 'none',
        bufferDirectory: join(directory, 'buffer'),
        inbound: pipe(
          filter(message => message.length > 0),
          takeWhile(message => textOf(message) !== 'end'),
        ),
      });
      const received = lastValueFrom(open(of(false)).pipe(map(textOf), toArray()));
      // with a disk buffer the socket is opened when the folder is
      const client = pair
        .client({ messages$: from(['a', '', 'b', 'end', 'c'].map(bytesOf)), dialRetryInterval: 5 })
        .subscribe();
      expect(await received).toEqual(['a', 'b']);
      client.unsubscribe();
    },
  );

  test('C3 K4 D5k the consumer settles the disk buffer, also with inbound', async () => {
    const config = configOf({ socketConfig: { transportType: 'inproc' }, useBufferedEventSource: true });
    const start = (texts: readonly string[], lastDone: string) => {
      const pair = inproc();
      const notices = recorder<Notice>();
      const open = eventSource(config, {
        inproc: pair,
        notices,
        bufferDirectory: join(directory, 'buffer'),
        inbound: filter(message => message.length > 0),
      });
      const given = recorder<string>();
      const done = recorder<string>();
      const project = (text: string) => (text > lastDone ? NEVER : of(text));
      const texts$ = (...both: Parameters<typeof open>) => open(...both).pipe(map(textOf), tap({ next: given.next }));
      const run = backpressure(texts$, { required: true, project }).subscribe(done.next);
      run.add(pair.client({ messages$: from(texts.map(bytesOf)), dialRetryInterval: 5 }).subscribe());
      const leave = async () => {
        run.unsubscribe();
        await notices.until(seen => seen.some(one => one.type === 'Released' && one.what.endsWith('buffer')));
      };
      return { given, done, leave, open };
    };
    const first = start(['a', '', 'b', 'c', 'd'], 'b');
    await first.given.until(seen => seen.length === 4);
    await first.done.until(seen => seen.length === 2);
    await first.leave();
    const second = start([], 'z');
    await second.done.until(seen => seen.length === 2);
    await second.leave();
    expect(second.given.seen).toEqual(['c', 'd']);
  });

  test('C3 transportType inproc needs a pair', () => {
    expect(() => eventSource(configOf({ socketConfig: { transportType: 'inproc' } }))).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'inproc' }),
    );
  });
});

describe('options of eventSource', () => {
  const config = configOf({});

  test.each([
    ['blockOf', 'x'],
    ['bufferDirectory', 7],
    ['done$', []],
    ['inbound', {}],
    ['replies$', {}],
    ['validate', true],
    ['disconnect$', new Error('x')],
    ['listening', {}],
    ['inproc', {}],
    ['notices', null],
    ['scheduler', {}],
    ['bufferdirectory', 'x'],
  ])('C3 rejects %s: %p', (option, value) => {
    expect(() => eventSource(config, { [option]: value })).toThrow(
      expect.objectContaining({ name: 'OptionError', option }),
    );
  });

  test.each([
    [{}, undefined, 'jetStream: expected { connection, position }, which useJetStream needs'],
    [{ useEventFile: true }, {}, 'config: expected useEventFile or useJetStream, not both'],
  ])('C3c useJetStream with %p and %p is rejected', (more, jetStream, message) => {
    const of = { connection: {}, position: {} } as never;
    const open = () => eventSource(configOf({ useJetStream: true, ...more }), jetStream && { jetStream: of });
    expect(open).toThrow(message);
  });

  test.each([[undefined], [null], [{}], [{ ...config, level: 'loud' }]])('C3 rejects the configuration %p', value => {
    expect(() => eventSource(value as never)).toThrow(
      'config: expected a whole configuration, as decodeConfig returns it',
    );
  });
});
