import type { VegaEvent } from 'rx-event-broker/vega';
import { blockWriter } from '../market/blockWriter.js';

/** The message of a core that has stopped for a protocol upgrade. It comes after the last block, with the id of the next block. */
export const upgradeStarted = (chainId: string, lastBlockHeight: number): readonly VegaEvent[] => {
  const writer = blockWriter(chainId);
  writer.begin(lastBlockHeight + 1, '0'.repeat(64));
  writer.add('ProtocolUpgradeStarted', { lastBlockHeight });
  return writer.end();
};
