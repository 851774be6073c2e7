import { defer, finalize, lastValueFrom, mergeAll, toArray } from 'rxjs';
import type { PositionStore } from '../flow/contract/PositionStore.js';
import type { BlockStore } from '../store/BlockStore.js';
import { storeBlocks } from '../store/storeBlocks.js';
import { contractChain, type ContractEvent } from './contractChain.js';
import { begin, commitBlock, rejects, same, sorted } from './contractSteps.js';
import type { StoreUnderTest } from './StoreUnderTest.js';

type Law<Tx> = (name: string, body: (it: StoreUnderTest<Tx>) => Promise<unknown>) => void;
type PositionOf<Tx> = (store: BlockStore<Tx>) => PositionStore;

/** The tests of `storeContract` for a store that keeps the position of its source. */
export const positionLaws = <Tx>(law: Law<Tx>, positionOf: PositionOf<Tx>): void => {
  const follow = (
    { store }: StoreUnderTest<Tx>,
    positionAt: (received: number) => string | undefined,
  ): (() => void) => {
    const port = positionOf(store);
    if (port.follow === undefined) throw new Error('position: the method follow is missing');
    return port.follow(positionAt);
  };
  /** The stored position, as a new program reads it. */
  const stored = async (it: StoreUnderTest<Tx>): Promise<string | undefined> => {
    const { store } = await it.reopen();
    await store.progress();
    return positionOf(store).read();
  };

  law('S18a an empty store has no position', async it => {
    same('position', await stored(it), undefined);
  });

  law('S18a S18b the position is committed with its block, and asked for with what was received', async it => {
    follow(it, received => `p${received}`);
    await commitBlock(it, 1, 'aa', [1], 3);
    same('position', await positionOf(it.store).read(), 'p3');
    await commitBlock(it, 2, 'bb', [2], 7);
    same('position', await positionOf(it.store).read(), 'p7');
    same('position', await stored(it), 'p7');
  });

  law('S18a a rollback undoes the position with its block', async it => {
    follow(it, received => `p${received}`);
    await commitBlock(it, 1, 'aa', [1], 3);
    await it.store.rollback(await begin(it, 2, 'bb', [2]));
    same('position', await stored(it), 'p3');
  });

  law('S18c without a new position, the stored one stays', async it => {
    follow(it, received => `p${received}`);
    await commitBlock(it, 1, 'aa', [1], 3);
    const end = follow(it, () => undefined);
    await commitBlock(it, 2, 'bb', [2], 7);
    same('position', await stored(it), 'p3');
    const endLast = follow(it, received => `q${received}`);
    end();
    await commitBlock(it, 3, 'cc', [3], 8);
    same('position', await stored(it), 'q8');
    endLast();
    await commitBlock(it, 4, 'dd', [4], 9);
    same('position', await stored(it), 'q8');
  });

  law('S18d a positionAt that throws fails the commit: nothing is stored', async it => {
    await commitBlock(it, 1, 'aa', [1]);
    const why = new Error('no');
    follow(it, () => {
      throw why;
    });
    const tx = await begin(it, 2, 'bb', [2]);
    same('the same error', (await rejects('commit', it.store.commit(tx, 2))) === why, true);
    await it.store.rollback(tx);
    same('progress', await it.store.progress(), { firstHeight: 1, height: 1, hashes: ['aa'] });
    same('values', await sorted(it), [1]);
  });

  law(
    'S18a S18b a source that starts at its position, cut off at every event: it starts after the last stored block',
    async first => {
      let it = first;
      const seen: string[] = [];
      let expected = 0;
      for (let cut = 0; cut <= EVENTS.length; cut++) {
        const { store } = it;
        let start = -1;
        let end: () => void = () => undefined;
        const source$ = defer(async () => {
          start = Number((await positionOf(store).read()) ?? 0);
          end = follow(it, received => String(start + received));
          return EVENTS.slice(start, cut);
        });
        const rows = { types: ['Row'] as const, next: ({ value }: ContractEvent, tx: Tx) => it.put(tx, value) };
        const blocks$ = storeBlocks<ContractEvent, Tx, readonly ['Row']>(source$.pipe(mergeAll()), {
          chainId: 'contract',
          store,
          blockMark: row => row,
          subscribers: [rows],
        });
        const blocks = await lastValueFrom(
          blocks$.pipe(
            toArray(),
            finalize(() => end()),
          ),
          { defaultValue: [] },
        );
        seen.push(...blocks.map(({ height, hash }) => `${height} ${hash}`));
        same(`start, cut off at ${cut}`, start, expected);
        expected = EVENTS.slice(0, cut).findLastIndex(({ kind }) => kind === 'end') + 1;
        it = await it.reopen();
      }
      same('blocks', seen, ['1 twin', '1 real', '2 two', '3 three']);
      same('values', await sorted(it), [1, 2, 3, 4, 5]);
    },
  );
};

/** The chain with an extra event after each block. That event is settled together with the next block. */
const EVENTS: readonly ContractEvent[] = contractChain.flatMap(event =>
  event.kind === 'end' ? [event, { ...event, type: 'Row', kind: 'snapshot' }] : [event],
);
