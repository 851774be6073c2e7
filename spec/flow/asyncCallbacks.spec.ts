import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  backpressure,
  deserialize,
  eventBroker,
  fanOut,
  fromPush,
  keepLatestBy,
  lanes,
  memoryBlockStore,
  replay,
  storeBlocks,
  type BlockMark,
  type Notice,
  type Source,
} from 'rx-event-broker';
import { bufferFiles, bufferOnDisk, socketServer } from 'rx-event-broker/node';
import { inspect } from 'rx-event-broker/inspect';
import { tableWriter } from 'rx-event-broker/sql';
import { BehaviorSubject, lastValueFrom, NEVER, of, Subject, type Observable } from 'rxjs';
import { outgoingOf } from '../../lib/nats/sink/outgoingOf.js';
import { encodedText } from '../../lib/web/client/encodedText.js';
import { missedOf } from '../../lib/web/client/missedOf.js';
import { sseFrame } from '../../lib/web/sse/sseFrame.js';
import { chainOf, CHAIN_ID } from '../store/chainOf.js';
import { options, errorOf } from '../store/runBlocks.js';
import { folderOf } from '../source/disk/folder.js';
import { recordsOf } from '../source/disk/records.js';
import { closeAll, serving } from '../source/socket/serving.js';
import { frameOf, hello, rawPeer } from '../source/socket/rawPeer.js';

const left = new Error('left behind');
/** An `async` function where nothing, or a value, is expected. */
const rejects = (): never => Promise.reject(left) as never;
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
let written: jest.SpiedFunction<typeof console.error>;
beforeEach(() => {
  process.on('unhandledRejection', note);
  written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  await closeAll();
  await turn();
  process.off('unhandledRejection', note);
  jest.restoreAllMocks();
  expect(unhandled.splice(0)).toEqual([]);
});
const lines = () => written.mock.calls.map(([line]) => line as unknown);

describe('B10o if a callback need not return a value, its rejection goes where its error would go', () => {
  test('missed of a broker’s subscriber: a Failed notice', async () => {
    const broker = eventBroker();
    const seen: Notice[] = [];
    broker.notices$.subscribe(notice => seen.push(notice));
    const work$ = new Subject<void>();
    broker.subscribe({ required: false, capacity: 0, missed: rejects, next: () => work$ });
    for (let i = 0; i < 2; i++) broker.send({ type: 'A' });
    work$.complete();
    broker.send({ type: 'A' });
    await turn();
    expect(seen).toContainEqual(expect.objectContaining({ type: 'Failed', error: left, events: [] }));
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 3, delivered: 2, failed: 0, dropped: 1 }]);
  });

  test('missed of a subscriber that was closed, or of a closed broker: written to the console', async () => {
    const broker = eventBroker();
    const work$ = new Subject<void>();
    let reject = (): void => undefined;
    const missed = (): never => new Promise<void>((_, failed) => (reject = () => failed(left))) as never;
    broker.subscribe({ required: false, capacity: 0, missed, next: () => work$ });
    for (let i = 0; i < 2; i++) broker.send({ type: 'A' });
    work$.complete();
    broker.send({ type: 'A' });
    broker.close();
    reject();
    await turn();
    expect(lines()).toEqual(['rx-event-broker: subscriber 1: a teardown threw']);
  });

  test('an observer of notices: written to the console once', async () => {
    const source = of(1, 2);
    backpressure(source, { required: false, project: rejects, notices: { next: rejects } }).subscribe();
    await turn();
    await turn();
    expect(lines()).toEqual(['rx-event-broker: an observer of notices rejected after Failed']);
  });

  test('an observer of listening: written to the console', async () => {
    const heard$ = new Subject<Notice>();
    const waiting = new Promise(resolve => heard$.subscribe(resolve));
    const server = socketServer({ port: 0, listening: { next: rejects }, notices: heard$ }).subscribe();
    await waiting;
    await turn();
    server.unsubscribe();
    expect(lines()).toEqual([expect.stringContaining('an observer of listening rejected at 127.0.0.1:')]);
  });
});

describe('I3g B10o pause and resume of fromPush', () => {
  test('a rejection is the error of the source', async () => {
    const pause$ = new BehaviorSubject(true);
    const paused = lastValueFrom(fromPush(() => undefined, { pause: rejects })(pause$));
    await expect(paused).rejects.toBe(left);
    const resumed = lastValueFrom(fromPush(() => undefined, { resume: rejects })(pause$));
    pause$.next(false);
    await expect(resumed).rejects.toBe(left);
  });

  test('after the end it goes nowhere', async () => {
    let reject = (): void => undefined;
    const pause = (): never => new Promise<void>((_, failed) => (reject = () => failed(left))) as never;
    const errors: unknown[] = [];
    fromPush(() => undefined, { pause })(new BehaviorSubject(true))
      .subscribe({ error: error => errors.push(error) })
      .unsubscribe();
    reject();
    await turn();
    expect(errors).toEqual([]);
  });
});

describe('B10p if a callback must return a value, a Promise is an error that says so', () => {
  const found = (expected: string): RegExp => new RegExp(`expected ${expected}.*, found a Promise`);

  test('sizeOf', async () => {
    const broker = eventBroker({ sizeOf: rejects });
    const seen: Notice[] = [];
    broker.notices$.subscribe(notice => seen.push(notice));
    broker.subscribe({ required: true, onFailure: 'continue', highWaterMarkBytes: 5, next: () => undefined });
    broker.send({ type: 'A' });
    const bytes = found('a function that returns a number of bytes');
    expect(seen.find(({ type }) => type === 'Failed')).toMatchObject({
      error: { name: 'OptionError', message: expect.stringMatching(bytes) },
    });
    await expect(lastValueFrom(fanOut(of(1), { expectedSubscribers: 1, sizeOf: rejects })(NEVER))).rejects.toThrow(
      bytes,
    );
  });

  test.each<[string, object]>([
    ['by of lanes', { required: true, onFailure: 'continue', lanes: lanes({ concurrency: 2, by: rejects }) }],
    ['the key of keepLatestBy', { required: false, overflow: keepLatestBy(rejects) }],
    ['keepLatestBy of replay', { required: false }],
  ])('%s', async (what, delivery) => {
    const keeps = what.endsWith('replay') ? { replay: replay({ keepLatestBy: rejects }) } : {};
    const broker = eventBroker(keeps);
    const seen: Notice[] = [];
    broker.notices$.subscribe(notice => seen.push(notice));
    broker.subscribe({ ...delivery, next: () => undefined } as never);
    broker.send({ type: 'A' });
    await turn();
    expect(seen.find(({ type }) => type === 'Failed')).toMatchObject({
      error: { name: 'OptionError', message: expect.stringMatching(found('a function that returns a key')) },
      events: [{ type: 'A' }],
    });
  });

  test('by of inspect, and options of other kinds', async () => {
    const broker = eventBroker();
    const stop = inspect(broker, { next: () => undefined }, { keyOf: rejects });
    broker.subscribe({ required: false, next: () => undefined });
    broker.send({ type: 'A' });
    await turn();
    stop();
    expect(() => eventBroker({ maxPending: rejects() })).toThrow(found('a whole number'));
  });

  test('encode and idOf of a client', async () => {
    expect(() => sseFrame({ event: 'A', data: '', id: rejects() })).toThrow(found('a string of one line'));
    expect(() => encodedText(rejects)({ type: 'A' })).toThrow(found('a string'));
    const missed = missedOf({ reason: 'overflow', count: 1, first: 1, last: 1 }, rejects);
    expect(missed).toEqual({ reason: 'overflow', count: 1 });
    await turn();
  });

  test('subjectOf, encode, placeOf and keyOf of a sink', () => {
    const good = { subjectOf: () => 'a', encode: () => new Uint8Array(), placeOf: () => 1 };
    for (const key of ['subjectOf', 'encode', 'placeOf'] as const)
      expect(outgoingOf({ ...good, [key]: rejects })(1, undefined as never).error).toMatchObject({
        name: 'OptionError',
      });
    const partitioned = { kv: undefined as never, prefix: 'p', partitions: 2, keyOf: rejects };
    expect(outgoingOf({ partitioned, encode: good.encode })(1, undefined as never).error).toMatchObject({
      message: expect.stringMatching(found('')),
    });
  });

  test('decode', async () => {
    const message = of(new Uint8Array(1));
    const decoded = (onInvalid: 'error' | 'skip', seen: Notice[] = []) =>
      message.pipe(deserialize({ decode: rejects }, { onInvalid, notices: { next: notice => seen.push(notice) } }));
    await expect(lastValueFrom(decoded('error'))).rejects.toThrow(found('an event from the decoder'));
    const seen: Notice[] = [];
    expect(await lastValueFrom(decoded('skip', seen), { defaultValue: 'none' })).toBe('none');
    expect(seen).toMatchObject([{ type: 'Invalid', error: { name: 'DecodeError' } }]);
  });

  test.each<[string, (source: Source<never>) => Observable<unknown>]>([
    ['receive', source => eventBroker().receive(source)],
    ['backpressure', source => backpressure(source, { required: true, project: rejects })],
    ['fanOut', source => fanOut(source, { expectedSubscribers: 1 })(NEVER)],
    ['bufferOnDisk', source => bufferOnDisk(source, { directory: folderOf(), settlement: 'none' })(NEVER)],
  ])('the source of %s', async (_, open) => {
    await expect(lastValueFrom(open(rejects as Source<never>))).rejects.toThrow(
      found('a function of pause\\$ that returns an Observable'),
    );
  });

  test('blockOf', async () => {
    const expected = found('a function that returns { block: string, begins: boolean }');
    const acknowledge = { blockOf: rejects, done$: NEVER };
    const source = of(new Uint8Array(1));
    const buffered = bufferOnDisk(source, { directory: folderOf(), sync: 'onBlock', acknowledge });
    await expect(lastValueFrom(buffered(NEVER))).rejects.toThrow(expected);
    const directory = folderOf({ 'datanode-buffer-1-1.bevt': recordsOf(['a'], 1) });
    const paced = bufferFiles({ directory, blockOf: rejects, timeBetweenBlocks: 1 });
    await expect(lastValueFrom(paced)).rejects.toThrow(expected);
  });

  test('blockMark and rowsOf', async () => {
    const blocks = (blockMark: () => BlockMark) =>
      storeBlocks(of({ type: 'A' }), { chainId: CHAIN_ID, store: memoryBlockStore(), blockMark, subscribers: [] });
    await expect(lastValueFrom(blocks(rejects))).rejects.toThrow(found('a mark'));
    const writer = tableWriter<{ readonly type: 'A' }, 'A'>({
      types: ['A'],
      table: 't',
      columns: ['a'],
      rowsOf: rejects,
    });
    expect(() => writer.next({ type: 'A' }, undefined as never)).toThrow(
      found('a function that returns an array of rows'),
    );
  });

  test('isBadRow: the block fails, as with any error that is not one of a row', async () => {
    const why = new Error('no');
    const store = { ...memoryBlockStore(), isBadRow: rejects };
    const subscribers = [{ types: ['Row'] as const, next: () => Promise.reject(why) }];
    const failure = await errorOf(
      storeBlocks(of(...chainOf([{}])), { ...options(store, { subscribers }), onFailure: 'continue' }),
    );
    expect(failure).toMatchObject({ name: 'BlockFailedError', cause: why });
  });

  test('validate: the message is rejected', async () => {
    const { port, notices } = await serving({ validate: rejects });
    await rawPeer(port, hello, frameOf('a')).ended;
    await notices.until(seen => seen.length === 3);
    expect(notices.seen[1]).toMatchObject({
      error: { name: 'MessageRefusedError', message: expect.stringContaining('a Promise') },
    });
  });
});
