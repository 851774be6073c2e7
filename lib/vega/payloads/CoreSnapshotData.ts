import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { bool, count } from '../wire/scalars.js';

/**
 * The codec of this payload. The core took a snapshot at the end of a block.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const CoreSnapshotData = message('CoreSnapshotData', {
  blockHeight: count(1),
  blockHash: text(2),
  coreVersion: text(3),
  protocolUpgradeBlock: bool(4),
});
/**
 * The core took a snapshot at the end of a block.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type CoreSnapshotData = t.TypeOf<typeof CoreSnapshotData>;
