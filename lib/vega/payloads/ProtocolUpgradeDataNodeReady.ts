import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

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
