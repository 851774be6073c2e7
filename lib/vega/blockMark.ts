import type { BlockMark } from '../store/blocks.js';
import { toMicrosecond } from './toMicrosecond.js';
import type { VegaEvent } from './VegaEvent.js';

/**
 * Returns what an event of this protocol means for its block, for `storeBlocks`.
 *
 * `hash` is the block's, in lower case. `height` is the one in the payload if it has one, otherwise the one in the
 * event's id. `time` is that of a `BeginBlock` in Unix ns, truncated to the microsecond. The height of
 * `ProtocolUpgradeStarted` is that of the last block, while its id is that of the block that would have followed.
 *
 * @example
 * ```ts
 * storeBlocks(source, {
 *   chainId: 'main',
 *   store: memoryBlockStore(),
 *   blockMark,
 *   subscribers: [rows],
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const blockMark = (event: VegaEvent): BlockMark => {
  const { chainId } = event;
  const hash = event.traceId.toLowerCase();
  switch (event.type) {
    case 'BeginBlock': {
      const { height, timestamp } = event.payload;
      return { kind: 'begin', chainId, height, hash, time: toMicrosecond(timestamp) };
    }
    case 'EndBlock':
      return { kind: 'end', chainId, height: event.payload.height, hash };
    case 'EpochUpdate':
      return { kind: 'epoch', chainId, height: event.blockNr, hash };
    case 'SnapshotTaken': {
      const { blockHeight: height, protocolUpgradeBlock } = event.payload;
      return { kind: protocolUpgradeBlock ? 'upgradeSnapshot' : 'snapshot', chainId, height, hash };
    }
    case 'ProtocolUpgradeStarted':
      return { kind: 'upgradeStarted', chainId, height: event.payload.lastBlockHeight, hash };
    default:
      return { kind: 'other', chainId, height: event.blockNr, hash };
  }
};
