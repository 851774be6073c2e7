export { BlockFailedError, BlockOrderError, StoreConflictError } from './store/errors.js';
export type { BlockMark, BlockProgress, CommittedBlock, StoredBlock } from './store/blocks.js';
export type { BlockStore } from './store/BlockStore.js';
export type { BlockSubscriber } from './store/BlockSubscriber.js';
export { memoryBlockStore } from './store/memoryBlockStore.js';
export { storeBlocks } from './store/storeBlocks.js';
export type { StoreBlocksOptions } from './store/StoreBlocksOptions.js';
