import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

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
