import { expect, test } from '@jest/globals';
import { from, lastValueFrom, NEVER } from 'rxjs';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { sqlBlockStore } from '../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from './chainOf.js';

const good = { chainId: CHAIN_ID, store: memoryBlockStore(), blockMark: (event: ChainEvent) => event, subscribers: [] };
const subscriber = { types: ['Row'], next: () => undefined };

test.each([
  [{ onFailure: 'skip' }, "onFailure: expected 'stop' or 'continue', found 'skip'"],
  [{ store: undefined }, 'store: expected a block store, found undefined'],
  [{ store: { progress: () => undefined } }, 'store: expected a block store, found {'],
  [{ firstHeight: -1 }, 'firstHeight: expected a whole number, 0 or more, found -1'],
  [{ firstHeight: Infinity }, 'firstHeight: expected a whole number, 0 or more, found Infinity'],
  [{ firstHeight: '1' }, "firstHeight: expected a whole number, 0 or more, found '1'"],
  [{ chainId: undefined }, 'chainId: expected a string, found undefined'],
  [{ blockMark: undefined }, 'blockMark: expected a function, found undefined'],
  [{ subscribers: undefined }, 'subscribers: expected an array, found undefined'],
  [{ subscribers: { 0: subscriber } }, 'subscribers: expected an array, found {'],
  [{ onUpgrade: true }, 'onUpgrade: expected a function, found true'],
  [{ scheduler: Date }, 'scheduler: expected a scheduler of RxJS, found function Date'],
  [{ notices: () => undefined }, 'notices: expected an observer, found function'],
  [{ retry: 3 }, 'retry: expected one of the options of storeBlocks'],
  [{ onfailure: 'continue' }, 'onfailure: expected onFailure; storeBlocks has no option of this name'],
  [{ subscribers: [undefined] }, 'a block subscriber: expected an object of options, found undefined'],
  [{ subscribers: [{ ...subscriber, types: 'Row' }] }, "types: expected an array, found 'Row'"],
  [{ subscribers: [{ types: [] }] }, 'next: expected a function, found undefined'],
  [{ subscribers: [{ ...subscriber, fulsh: () => undefined }] }, 'fulsh: expected flush; a block subscriber has no'],
  [{ subscribers: [{ ...subscriber, parts: [] }] }, 'parts: expected a function, found []'],
])('OptionError of storeBlocks at the call: %j', (bad, message) => {
  expect(() => storeBlocks(NEVER, { ...good, ...bad } as never)).toThrow(message);
});

test('a subscriber of a class may have fields of its own', () => {
  class Rows {
    readonly types = ['Row'] as const;
    kept = 0;
    next(): void {
      this.kept++;
    }
  }
  expect(() => storeBlocks(NEVER, { ...good, subscribers: [new Rows()] })).not.toThrow();
});

const client = { query: () => Promise.resolve({ rows: [] }) };

test.each([
  [undefined, {}, 'client: expected one connection, such as a Client or a PoolClient, found undefined'],
  [{}, {}, 'client: expected one connection, such as a Client or a PoolClient, found {}'],
  [client, { views: 'totals' }, "views: expected an array of names, each once, found 'totals'"],
  [client, { views: ['a', 'a'] }, 'views: expected an array of names, each once, found ["a","a"]'],
  [client, { vews: ['a'] }, 'vews: expected views; sqlBlockStore has no option of this name'],
])('OptionError of sqlBlockStore: %p %j', (given, options, message) => {
  expect(() => sqlBlockStore(given as never, options as never)).toThrow(message);
});

const writer = { types: ['Row'], table: 't', columns: ['a', 'b'], rowsOf: () => [] };

test.each([
  [{ types: undefined }, 'types: expected an array, found undefined'],
  [{ table: undefined }, 'table: expected a string, found undefined'],
  [{ columns: [] }, 'columns: expected an array of one or more names, each once, found []'],
  [{ columns: ['a', 'a'] }, 'columns: expected an array of one or more names, each once, found ["a","a"]'],
  [{ columns: [1] }, 'columns: expected an array of one or more names, each once, found [1]'],
  [{ keys: 'a' }, "keys: expected an array of names, each once, found 'a'"],
  [{ keys: ['c'] }, "keys: expected some of the columns a, b, found 'c'"],
  [{ rowsOf: undefined }, 'rowsOf: expected a function, found undefined'],
  [{ copy: true }, 'copy: expected a function, found true'],
  [{ copyFrom: 0 }, 'copyFrom: expected a whole number, 1 or more, found 0'],
  [{ maxRows: '10' }, "maxRows: expected a whole number, 1 or more, found '10'"],
  [{ maxrows: 10 }, 'maxrows: expected maxRows; tableWriter has no option of this name'],
])('OptionError of tableWriter: %j', (bad, message) => {
  expect(() => tableWriter({ ...writer, ...bad } as never)).toThrow(message);
});

test.each([
  [undefined, 'blockMark: expected a mark, found undefined'],
  [{ height: '1' }, "blockMark: expected a height that is a whole number, found '1'"],
  [{ height: NaN }, 'blockMark: expected a height that is a whole number, found NaN'],
  [
    { kind: 'bigin' },
    "blockMark: expected a kind, one of begin, end, epoch, snapshot, upgradeSnapshot, upgradeStarted, other, found 'bigin'",
  ],
  [{ chainId: undefined }, 'blockMark: expected a chainId that is a string, found undefined'],
  [{ hash: undefined }, 'blockMark: expected a hash that is a string, found undefined'],
  [{ time: 5 }, 'blockMark: expected a time that is a bigint of ns'],
  [{ time: 10n ** 30n }, 'blockMark: expected a time that is a bigint of ns'],
])('S1 a mark that is invalid, %p, is an error of the stream', async (bad, message) => {
  const blockMark = (event: ChainEvent) => (bad === undefined ? bad : { ...event, ...bad }) as ChainEvent;
  await expect(lastValueFrom(storeBlocks(from(blockEvents(1)), { ...good, blockMark }))).rejects.toThrow(message);
});

test('S1 a value that is not an event is an error of the stream', async () => {
  const [mark] = blockEvents(1);
  for (const event of [undefined, null, {}, { type: 7 }]) {
    const blocks$ = storeBlocks(from([event as unknown as ChainEvent]), { ...good, blockMark: () => mark! });
    await expect(lastValueFrom(blocks$)).rejects.toThrow('source: expected events with a type');
  }
});

test('S4 S10 text from an event is on one line in the message of an error', async () => {
  const type = 'A\n\u001b[2J';
  const events = [{ ...blockEvents(1)[0]!, type: type as 'Begin' }];
  const run = (more: object) =>
    lastValueFrom(storeBlocks(from(events.map(event => ({ ...event, ...more }))), good)).catch(
      (error: unknown) => error,
    );
  for (const error of [await run({ chainId: 'other' }), await run({ height: 9 })])
    expect((error as Error).message).toContain('A\\n\\u001b[2J');
});
