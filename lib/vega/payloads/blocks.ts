import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { count, int64, choice, bool } from '../wire/scalars.js';

/**
 * The codec of this payload. The first event of a block: its height, its time in Unix ns, its hash in lower case.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const BeginBlock = message('BeginBlock', {
  height: count(1),
  timestamp: int64(2),
  hash: text(3),
});
/**
 * The first event of a block: its height, its time in Unix ns, its hash in lower case.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type BeginBlock = t.TypeOf<typeof BeginBlock>;

/**
 * The codec of this payload. The last event of a block: its height.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const EndBlock = message('EndBlock', {
  height: count(1),
});
/**
 * The last event of a block: its height.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type EndBlock = t.TypeOf<typeof EndBlock>;

/**
 * The codec of this payload. The time of the block, in Unix ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const TimeUpdate = message('TimeUpdate', {
  timestamp: int64(1),
});
/**
 * The time of the block, in Unix ns.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type TimeUpdate = t.TypeOf<typeof TimeUpdate>;

/**
 * The codec of this payload. An epoch starts or ends. Times are in Unix ns; negative if Go's zero time was sent.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const EpochEvent = message('EpochEvent', {
  seq: count(1),
  action: choice(2, 'unspecified', 'start', 'end'),
  startTime: int64(3),
  expireTime: int64(4),
  endTime: int64(5),
});
/**
 * An epoch starts or ends. Times are in Unix ns; negative if Go's zero time was sent.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type EpochEvent = t.TypeOf<typeof EpochEvent>;

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

/**
 * The codec of this payload. The core has stopped after this block for a protocol upgrade.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const ProtocolUpgradeStarted = message('ProtocolUpgradeStarted', {
  lastBlockHeight: count(1),
});
/**
 * The core has stopped after this block for a protocol upgrade.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type ProtocolUpgradeStarted = t.TypeOf<typeof ProtocolUpgradeStarted>;

/**
 * The codec of this payload. The answer of a data node that has stored everything up to this block.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const ProtocolUpgradeDataNodeReady = message('ProtocolUpgradeDataNodeReady', {
  lastBlockHeight: count(1),
});
/**
 * The answer of a data node that has stored everything up to this block.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type ProtocolUpgradeDataNodeReady = t.TypeOf<typeof ProtocolUpgradeDataNodeReady>;
