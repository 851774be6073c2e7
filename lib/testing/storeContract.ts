import { from, lastValueFrom, take, toArray } from 'rxjs';
import { shown } from '../event/shown.js';
import { aFunction, checkOptions, needed } from '../flow/contract/options.js';
import type { PositionStore } from '../flow/contract/PositionStore.js';
import { storeBlocks } from '../store/storeBlocks.js';
import type { BlockStore } from '../store/BlockStore.js';
import { contractChain, type ContractEvent } from './contractChain.js';
import { begin, commitBlock, rejects, same, sorted } from './contractSteps.js';
import { positionLaws } from './positionLaws.js';
import type { StoreUnderTest } from './StoreUnderTest.js';

/**
 * Options of `storeContract`.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface StoreContractOptions<Tx> {
  /** The function of your test runner that defines a test: `test` of jest, vitest or node:test. */
  readonly test: (name: string, body: () => Promise<void>) => void;
  /** Opens an empty store. Each test opens its own, and closes it. */
  readonly open: () => Promise<StoreUnderTest<Tx>>;
  /**
   * Runs a statement that the database rejects inside the transaction, and rejects with its error. Default: the tests about rejected
   * statements are skipped.
   */
  readonly refuse?: (tx: Tx) => Promise<unknown>;
  /**
   * Returns the position that the store keeps for its source. It must have `follow`. Default: the tests about the position are
   * skipped.
   */
  readonly position?: (store: BlockStore<Tx>) => PositionStore;
}

type Body<Tx> = (it: StoreUnderTest<Tx>) => Promise<unknown>;

/**
 * Tests that your own `BlockStore` keeps the rules that `storeBlocks` relies on, with one test per rule. Throws
 * `OptionError`.
 *
 * @example
 * ```ts
 * storeContract({ test, open: () => openMyStore() });
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const storeContract = <Tx>(options: StoreContractOptions<Tx>): void => {
  checkOptions('storeContract', options, CHECKS);
  const { test, open, refuse, position } = options;
  const law = (name: string, body: Body<Tx>): void => {
    test(name, async () => {
      const it = await open();
      try {
        await body(it);
      } finally {
        await it.close();
      }
    });
  };

  law('S1 an empty store has no progress', async ({ store }) => {
    same('progress', await store.progress(), undefined);
  });

  law('S1 a commit keeps the block, its progress and what was written', async it => {
    await commitBlock(it, 5, 'aa', [1, 2]);
    same('progress', await it.store.progress(), { firstHeight: 5, height: 5, hashes: ['aa'] });
    same('values', await sorted(it), [1, 2]);
  });

  law('S1 the progress keeps the hashes of both blocks at the first height, and of no others', async it => {
    await commitBlock(it, 5, 'aa', []);
    await commitBlock(it, 5, 'bb', []);
    await commitBlock(it, 6, 'cc', []);
    same('progress', await it.store.progress(), { firstHeight: 5, height: 6, hashes: ['aa', 'bb'] });
  });

  law('S1 S11 committed blocks are there after a restart', async it => {
    await commitBlock(it, 1, 'aa', [1]);
    const again = await it.reopen();
    same('progress', await again.store.progress(), { firstHeight: 1, height: 1, hashes: ['aa'] });
    await commitBlock(again, 2, 'bb', [2]);
    same('values', await sorted(again), [1, 2]);
  });

  law('S7 a rollback undoes the block, its progress and what was written', async it => {
    await commitBlock(it, 1, 'aa', [1]);
    const tx = await begin(it, 2, 'bb', [2]);
    await it.store.rollback(tx);
    same('progress', await it.store.progress(), { firstHeight: 1, height: 1, hashes: ['aa'] });
    same('values', await sorted(it), [1]);
    await commitBlock(it, 2, 'bb', [3]);
    same('values', await sorted(it), [1, 3]);
  });

  law('S7 a rollback of a transaction without a block', async it => {
    await it.store.progress();
    await it.store.rollback(await it.store.begin());
    same('progress', await it.store.progress(), undefined);
  });

  for (const [what, height, hash] of [
    ['the last block once more', 2, 'cc'],
    ['a block that leaves a gap', 4, 'dd'],
    ['a third block at the first height', 1, 'dd'],
    ['a block at the first height once more', 1, 'aa'],
  ] as const) {
    law(`S1 add rejects ${what}: another writer was faster`, async it => {
      await commitBlock(it, 1, 'aa', []);
      await commitBlock(it, 1, 'bb', []);
      await commitBlock(it, 2, 'cc', []);
      const tx = await it.store.begin();
      await rejects('add', it.store.add(tx, { height, hash, time: 0n }));
      await it.store.rollback(tx);
      await commitBlock(it, 3, 'dd', []);
    });
  }

  law('S7 an attempt keeps what it wrote', async it => {
    const tx = await begin(it, 1, 'aa', [1]);
    await it.store.attempt(tx, async () => {
      await it.put(tx, 2);
    });
    await it.store.commit(tx, 0);
    same('values', await sorted(it), [1, 2]);
  });

  law('S7 an attempt that fails undoes only what it wrote, and rejects with the same error', async it => {
    const tx = await begin(it, 1, 'aa', [1]);
    const why = new Error('no');
    const found = await rejects(
      'attempt',
      it.store.attempt(tx, async () => {
        await it.put(tx, 2);
        throw why;
      }),
    );
    if (found !== why) throw new Error(`attempt: expected the error of the work, found ${shown(found)}`);
    await it.store.attempt(tx, async () => {
      await it.put(tx, 3);
    });
    await it.put(tx, 4);
    await it.store.commit(tx, 0);
    same('values', await sorted(it), [1, 3, 4]);
  });

  law('S3 views are refreshed outside of a transaction', async it => {
    await commitBlock(it, 1, 'aa', [1]);
    await it.store.refreshViews();
    await commitBlock(it, 2, 'bb', [2]);
    same('values', await sorted(it), [1, 2]);
  });

  law('S1 S11 under storeBlocks, cut off at every event and restarted, it holds each block once', async first => {
    let it = first;
    const seen: string[] = [];
    for (let cut = 0; cut <= contractChain.length; cut++) {
      const rows = {
        types: ['Row'] as const,
        next: ({ value }: ContractEvent, tx: Tx) => it.put(tx, value),
      };
      const blocks$ = storeBlocks<ContractEvent, Tx, readonly ['Row']>(from(contractChain).pipe(take(cut)), {
        chainId: 'contract',
        store: it.store,
        blockMark: row => row,
        subscribers: [rows],
      });
      const blocks = await lastValueFrom(blocks$.pipe(toArray()), { defaultValue: [] });
      seen.push(...blocks.map(({ height, hash }) => `${height} ${hash}`));
      it = await it.reopen();
    }
    same('blocks', seen, ['1 twin', '1 real', '2 two', '3 three']);
    same('values', await sorted(it), [1, 2, 3, 4, 5]);
  });

  if (position !== undefined) positionLaws(law, position);
  if (refuse === undefined) return;

  law('S7 an attempt that the database rejects is undone, and the transaction goes on', async it => {
    const tx = await begin(it, 1, 'aa', [1]);
    await rejects(
      'attempt',
      it.store.attempt(tx, async () => {
        await it.put(tx, 2);
        await refuse(tx);
      }),
    );
    await it.store.commit(tx, 0);
    same('values', await sorted(it), [1]);
  });

  law('S7 a transaction with a rejected statement is never committed', async it => {
    const tx = await begin(it, 1, 'aa', [1]);
    await rejects('the rejected statement', refuse(tx));
    await rejects('commit', it.store.commit(tx, 0));
    await it.store.rollback(tx);
    same('progress', await it.store.progress(), undefined);
    same('values', await sorted(it), []);
  });
};

const CHECKS = { test: needed(aFunction), open: needed(aFunction), refuse: aFunction, position: aFunction };
