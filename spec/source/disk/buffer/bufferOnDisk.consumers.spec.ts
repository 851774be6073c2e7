import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { concat, concatMap, defer, delay, EMPTY, filter, map, mergeMap, NEVER, of, type Observable } from 'rxjs';
import { backpressure, eventBroker, fanOut, type Pausable } from 'rx-event-broker';
import { bufferOnDisk } from 'rx-event-broker/node';
import { settledSourceContract } from 'rx-event-broker/testing';
import { parseCursor } from '../../../../lib/source/disk/format/cursorSlot.js';
import { memoryBlockStore } from '../../../../lib/store/memoryBlockStore.js';
import { sqlBlockStore } from '../../../../lib/store/sql/sqlBlockStore.js';
import { storeBlocks } from '../../../../lib/store/storeBlocks.js';
import { blockEvents } from '../../../store/chainOf.js';
import { options } from '../../../store/runBlocks.js';
import { newDatabase } from '../../../store/sql/database.js';
import { folderOf } from '../folder.js';
import { textOf } from '../records.js';
import { noticeLog, settled, when } from '../watch.js';
import { messagesOf, runAll, textsOf } from './runBuffer.js';

/** How many messages the cursor has passed. */
const passed = (directory: string): number => {
  const file = join(directory, '.cursor');
  return existsSync(file) ? parseCursor(crc32, readFileSync(file))!.acknowledged : 0;
};

/** A buffer of these texts, whose source goes on; what a restart gives. */
const bufferOf = (texts: readonly string[]) => {
  const directory = folderOf();
  const { observer, until } = noticeLog();
  const buffered = bufferOnDisk(concat(messagesOf(texts), NEVER), { directory, notices: observer });
  const texts$: Pausable<string> = (pause$, settlement) => buffered(pause$, settlement).pipe(map(textOf));
  const again = async (): Promise<readonly string[]> => {
    await until('Released');
    return (await runAll(EMPTY, { directory })).texts;
  };
  return { directory, texts$, again };
};

const isUpTo = (n: number) => (text: string) => Number(text.slice('message '.length)) <= n;
const worksTo = (n: number) => (text: string) => (isUpTo(n)(text) ? Promise.resolve(text) : NEVER);

describe('D5k settled messages never come again, and all others do', () => {
  test('backpressure, unsubscribed during its work', async () => {
    const { directory, texts$, again } = bufferOf(textsOf(7));
    const run = backpressure(texts$, { required: true, project: worksTo(3) }).subscribe();
    await when(() => passed(directory) === 3);
    run.unsubscribe();
    expect(await again()).toEqual(textsOf(4, 4));
  });

  test('fanOut: the branch that lags', async () => {
    const { directory, texts$, again } = bufferOf(textsOf(7));
    const shared = fanOut(texts$, { expectedSubscribers: 2 });
    const done: string[] = [];
    const quick = backpressure(shared, { required: true, project: worksTo(9) }).subscribe(text => done.push(text));
    const slow = backpressure(shared, { required: true, project: worksTo(2) }).subscribe();
    await when(() => done.length === 7);
    await settled();
    expect(passed(directory)).toBe(2);
    quick.unsubscribe();
    slow.unsubscribe();
    expect(await again()).toEqual(textsOf(5, 3));
  });

  test.each(['a broker that stops', 'a broker that is closed'])('%s settles nothing more', async how => {
    const { directory, texts$, again } = bufferOf(textsOf(7));
    const broker = eventBroker<{ readonly type: 'Text'; readonly text: string }>();
    const work = async (text: string) => {
      if (isUpTo(3)(text)) return;
      if (how === 'a broker that stops') throw new Error('no');
      await new Promise(() => {});
    };
    broker.subscribe({ required: true, types: ['Text'], next: ({ text }) => work(text) });
    broker.subscribe({ required: true, types: ['Text'], next: () => undefined });
    let end = 'running';
    broker
      .receive((pause$, settlement) => texts$(pause$, settlement).pipe(map(text => ({ type: 'Text' as const, text }))))
      .subscribe({ error: () => (end = 'error'), complete: () => (end = 'complete') });
    await when(() => passed(directory) === 3);
    if (how === 'a broker that is closed') broker.close();
    await when(() => end !== 'running');
    expect(await again()).toEqual(textsOf(4, 4));
  });

  describe.each(['memoryBlockStore', 'sqlBlockStore'])('storeBlocks with %s', kind => {
    test('the events of the block that is not committed', async () => {
      const database = kind === 'sqlBlockStore' ? await newDatabase() : undefined;
      if (kind === 'sqlBlockStore' && database === undefined) return;
      const events = [...blockEvents(1), ...blockEvents(2), ...blockEvents(3).slice(0, -1)];
      const open = blockEvents(3).length - 1;
      const { directory, texts$, again } = bufferOf(events.map((_, at) => `${at}`));
      const client = await database?.connect();
      try {
        const source: Pausable<(typeof events)[number]> = (pause$, settlement) =>
          texts$(pause$, settlement).pipe(map(at => events[Number(at)]!));
        const store = client === undefined ? memoryBlockStore() : sqlBlockStore(client);
        const heights: number[] = [];
        const run = storeBlocks(source, { ...options(store as never), subscribers: [] }).subscribe(({ height }) =>
          heights.push(height),
        );
        await when(() => heights.length === 2);
        await when(() => passed(directory) === events.length - open);
        await settled();
        run.unsubscribe();
        expect(await again()).toEqual(events.map((_, at) => `${at}`).slice(-open));
      } finally {
        await client?.end();
        await database?.drop();
      }
    });
  });
});

describe('operators after it', () => {
  /** Runs it behind a broker that finishes everything, until it errors or the source has given all. */
  const runBehind = async (through: (texts$: Observable<string>) => Observable<string>, most: number) => {
    const { texts$, again } = bufferOf(textsOf(6));
    const seen: string[] = [];
    let end: unknown;
    const run = backpressure((pause$, settlement) => through(texts$(pause$, settlement)), {
      required: true,
      project: text => Promise.resolve(text),
    }).subscribe({ next: text => seen.push(text), error: ({ name }: Error) => (end = name) });
    await when(() => end !== undefined || seen.length === most);
    await settled();
    run.unsubscribe();
    return { seen, end, again: await again() };
  };

  test('K2g an operator that holds values back is a HeldBackError, and the cursor has passed none of them', async () => {
    const late = (text: string) => of(text).pipe(delay(1));
    expect(await runBehind(texts$ => texts$.pipe(concatMap(late)), Infinity)).toEqual({
      seen: ['message 1'],
      end: 'HeldBackError',
      again: textsOf(6),
    });
  });

  test('D5l dropped messages are settled with the next one that was not dropped, so the last ones come again', async () => {
    const { end, again } = await runBehind(texts$ => texts$.pipe(filter(isUpTo(4))), 4);
    expect([end, again]).toEqual([undefined, textsOf(2, 5)]);
    const first = await runBehind(texts$ => texts$.pipe(filter(text => !isUpTo(4)(text))), 2);
    expect([first.end, first.again]).toEqual([undefined, []]);
  });

  test('K2b an operator that multiplies: a message is settled with its last value', async () => {
    const { seen, again } = await runBehind(texts$ => texts$.pipe(mergeMap(text => [text, text])), 12);
    expect([seen.length, again]).toEqual([12, []]);
  });
});

describe('K1 K2 K3 D5k the contract of a source that settles', () => {
  let released: readonly (() => boolean)[] = [];
  afterEach(() => when(() => released.every(isReleased => isReleased())));
  settledSourceContract({
    test,
    factory: values => {
      const { notices, observer } = noticeLog();
      let opened = 0;
      released = [() => notices.filter(({ type }) => type === 'Released').length === opened];
      const directory = folderOf();
      let isFirst = true;
      const messages$ = defer(() => {
        const texts = isFirst ? values : [];
        isFirst = false;
        opened++;
        return messagesOf(texts);
      });
      const buffered = bufferOnDisk(messages$, { directory, notices: observer });
      return {
        source: (pause$, settlement) => buffered(pause$, settlement).pipe(map(textOf)),
        left: () => values.slice(passed(directory)),
      };
    },
    supports: { values: textsOf(5), needsSettlement: false },
  });
});
