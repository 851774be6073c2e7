import type { BlockMark } from '../store/BlockMark.js';
import { toMicrosecond } from './toMicrosecond.js';
import type { VegaEvent } from './VegaEvent.js';

/**
 * What a block store needs to know of an event: the seam at which `storeBlocks` meets the protocol.
 *
 * `hash` is the block's, in lower case; `height` is what the payload says where it says one, else what the event's id says;
 * `time` is that of a `BeginBlock`, in Unix ns, cut to the microsecond. Mind `ProtocolUpgradeStarted`: its height is the one of the
 * last block, its id that of the block that would have followed.
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
