import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concat, EMPTY, from, take, tap, throwError } from 'rxjs';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, chainOf, hashOf, upgradeStarted } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { all, errorOf, fail, options, rows, rowsOf, stored, type Subscriber } from './runBlocks.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

describe('exactly once', () => {
  test('S1 S3d S8 S11a however much was stored when the stream broke, a second run stores the rest, once', async () => {
    const chain = chainOf([{ rows: 2 }, { rows: 0, epoch: true }, { rows: 3, snapshot: 'after' }, { rows: 1 }]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(chain.length), { maxLength: 4 }), async cuts => {
        const store = memoryBlockStore();
        const emitted: string[] = [];
        for (const cut of [...cuts, chain.length]) {
          await all(
            storeBlocks(from(chain).pipe(take(cut)), options(store)).pipe(tap(({ hash }) => emitted.push(hash))),
          );
        }
        expect(stored(store)).toEqual(rowsOf(chain));
        expect(emitted).toEqual(
          [hashOf(1, true), 1, 2, 3, 4].map(h => (typeof h === 'number' ? hashOf(h) : h).toLowerCase()),
        );
      }),
    );
  });

  test('S1b S7a whichever operation fails, the error names it, nothing of the block is kept, and retry continues', async () => {
    const chain = chainOf([{ rows: 2 }, { epoch: true }, {}]);
    const count = { operations: 0 };
    await all(storeBlocks(from(chain), options(loggedStore(memoryBlockStore(), () => ++count.operations))));
    for (let fails = 1; fails <= count.operations; fails++) {
      const store = memoryBlockStore();
      let n = 0;
      let failed = '';
      const failing = loggedStore(
        store,
        () => undefined,
        operation => {
          if (++n !== fails) return undefined;
          failed = operation;
          return Promise.reject(new Error('the disk is on fire'));
        },
      );
      const stream$ = storeBlocks(from(chain), options(failing));
      const error = await errorOf(stream$);
      expect(error).toMatchObject({ name: 'BlockFailedError', cause: { message: 'the disk is on fire' } });
      const [operation = ''] = failed.split(' ');
      expect(error).toMatchObject({ operation });
      expect(error.message).toMatch(new RegExp(`${operation} failed( on \\w+)?: the disk is on fire`));
      const progress = await store.progress();
      const kept = chain.filter(
        ({ height, hash }) =>
          progress !== undefined &&
          height <= progress.height &&
          (height > 1 || progress.hashes.includes(hash.toLowerCase())),
      );
      expect(stored(store)).toEqual(rowsOf(kept));
      await all(stream$);
      expect(stored(store)).toEqual(rowsOf(chain));
    }
    expect(count.operations).toBe(1 + 4 * 3 + 1);
  });

  test('S7b the error of a subscriber is in the error of the block, with the event and the subscriber', async () => {
    const failOn: Subscriber = {
      name: 'ledger',
      types: ['Row'],
      next: ({ value }) => (value === 2000 ? Promise.reject(new Error('no such account')) : undefined),
    };
    const store = memoryBlockStore();
    const error = await errorOf(storeBlocks(from(chainOf([{}, {}])), options(store, { subscribers: [rows, failOn] })));
    expect(error).toMatchObject({
      name: 'BlockFailedError',
      operation: 'next',
      height: 2,
      subscriber: 'ledger',
      event: { type: 'Row', value: 2000 },
    });
    expect(error.message).toBe(
      `block 2: next failed on Row in subscriber "ledger": no such account (${ERRORS_PAGE}#blockfailederror)`,
    );
    expect(await store.progress()).toMatchObject({ height: 1 });
    expect(stored(store)).toEqual(rowsOf(chainOf([{}])));
  });

  test.each([
    ['beginBlock', { beginBlock: fail }],
    ['next', { next: fail }],
    ['flush', { flush: fail }],
    ['flush', { flush: () => throwError(() => new Error('no')) }],
  ] as const)('S7a a %s that fails', async (operation, broken) => {
    const store = memoryBlockStore();
    const error = await errorOf(
      storeBlocks(from(chainOf([{}])), options(store, { subscribers: [{ ...rows, ...broken }] })),
    );
    expect(error).toMatchObject({ name: 'BlockFailedError', operation, height: 1, subscriber: 'rows' });
    expect(await store.progress()).toBeUndefined();
  });

  test('S6 S7 an upgrade handler that fails', async () => {
    const source$ = from([...chainOf([{}]), upgradeStarted(1)]);
    const error = await errorOf(storeBlocks(source$, { ...options(memoryBlockStore()), onUpgrade: fail }));
    expect(error).toMatchObject({ name: 'BlockFailedError', operation: 'onUpgrade', height: 1 });
  });

  test('S7 errors of the source and of blockMark are passed on unchanged', async () => {
    const broken$ = concat(
      from(blockEvents(1).slice(0, 2)),
      throwError(() => new Error('cable cut')),
    );
    const store = memoryBlockStore();
    expect(await errorOf(storeBlocks(broken$, options(store)))).toMatchObject({ message: 'cable cut' });
    expect(await errorOf(storeBlocks(from(chainOf([{}])), { ...options(store), blockMark: fail }))).toMatchObject({
      message: 'no',
    });
    expect(await store.progress()).toBeUndefined();
  });

  test('S10a an event of another chain is rejected, in a block or before it', async () => {
    const foreign = chainOf([{}]).map(event => ({ ...event, chainId: 'chain-2' }));
    expect(await errorOf(storeBlocks(from(foreign), options(memoryBlockStore())))).toMatchObject({
      name: 'ChainIdError',
      expected: CHAIN_ID,
      found: 'chain-2',
    });
    const late = [...blockEvents(1).slice(0, 2), ...foreign];
    const store = memoryBlockStore();
    expect(await errorOf(storeBlocks(from(late), options(store)))).toMatchObject({ name: 'ChainIdError' });
    expect(await store.progress()).toBeUndefined();
  });

  test('S1g S1h S4 a wrong order is rejected', async () => {
    const store = memoryBlockStore();
    const source$ = from([...chainOf([{}]), ...blockEvents(3)]);
    expect(await errorOf(storeBlocks(source$, options(store)))).toMatchObject({
      name: 'BlockOrderError',
      height: 3,
      lastHeight: 1,
    });
    expect(await store.progress()).toMatchObject({ height: 1 });
  });

  test('S1 the first height', async () => {
    const blocks = storeBlocks(from(blockEvents(40)), { ...options(memoryBlockStore()), firstHeight: 40 });
    expect(await all(blocks)).toHaveLength(1);
    expect(() => storeBlocks(EMPTY, { ...options(memoryBlockStore()), firstHeight: -1 })).toThrow(/firstHeight/);
  });
});
