import { lastValueFrom, toArray, type Observable } from 'rxjs';
import type { All } from '../../lib/event/All.js';
import type { BlockFailedError } from '../../lib/store/errors.js';
import type { BlockStore } from '../../lib/store/BlockStore.js';
import type { BlockSubscriber } from '../../lib/store/BlockSubscriber.js';
import type { MemoryBlockStore, MemoryTx } from '../../lib/store/memoryBlockStore.js';
import type { storeBlocks } from '../../lib/store/storeBlocks.js';
import { CHAIN_ID, type ChainEvent } from './chainOf.js';

export type Types = ChainEvent['type'] | All;
export type Subscriber = BlockSubscriber<ChainEvent, Types, MemoryTx>;
export type Options = Parameters<typeof storeBlocks<ChainEvent, MemoryTx, readonly Types[]>>[1];

/** Counts every row that is written, so that a second time shows. */
export const writeRow = ({ value }: ChainEvent, tx: MemoryTx): Promise<void> =>
  tx.put('rows', String(value), Number(tx.get('rows', String(value)) ?? 0) + 1);
export const rows: Subscriber = { name: 'rows', types: ['Row'], next: writeRow };

export const options = (store: BlockStore<MemoryTx>, more: Partial<Options> = {}): Options => ({
  chainId: CHAIN_ID,
  store,
  blockMark: event => event,
  subscribers: [rows],
  ...more,
});

export const stored = (store: MemoryBlockStore) => [...store.rows('rows')].sort(([a], [b]) => Number(a) - Number(b));
export const rowsOf = (events: readonly ChainEvent[]) =>
  events
    .flatMap(event => (event.type === 'Row' ? [event.value] : []))
    .sort((a, b) => a - b)
    .map(value => [String(value), 1]);

export const all = <T>(stream$: Observable<T>): Promise<T[]> =>
  lastValueFrom(stream$.pipe(toArray()), { defaultValue: [] });
export const errorOf = async (stream$: Observable<unknown>): Promise<BlockFailedError> => {
  try {
    await all(stream$);
  } catch (error) {
    return error as BlockFailedError;
  }
  throw new Error('expected an error, found completion');
};

export function fail(): never {
  throw new Error('no');
}
