import { expect, test } from '@jest/globals';
import { from, lastValueFrom, NEVER } from 'rxjs';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from './chainOf.js';

const good = { chainId: CHAIN_ID, store: memoryBlockStore(), blockMark: (event: ChainEvent) => event, subscribers: [] };

test.each([
  [{ onFailure: 'skip' }, "onFailure: expected 'stop' or 'continue', found 'skip'"],
  [{ store: undefined }, 'store: expected a block store, found undefined'],
  [{ firstHeight: -1 }, 'firstHeight: expected a whole number, 0 or more, found -1'],
])('OptionError at the call: %j', (bad, message) => {
  expect(() => storeBlocks(NEVER, { ...good, ...bad } as never)).toThrow(message);
});

test.each([
  ['1', "blockMark: expected a height that is a whole number, found '1'"],
  [NaN, 'blockMark: expected a height that is a whole number, found NaN'],
])('S1 a height that is no number, %p, is an error of the stream', async (height, message) => {
  const blockMark = (event: ChainEvent) => ({ ...event, height: height as number });
  await expect(lastValueFrom(storeBlocks(from(blockEvents(1)), { ...good, blockMark }))).rejects.toThrow(message);
});
