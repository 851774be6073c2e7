import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

/** The core has stopped after this block for a protocol upgrade. */
export const ProtocolUpgradeStarted = message('ProtocolUpgradeStarted', {
  lastBlockHeight: count(1),
});
export type ProtocolUpgradeStarted = t.TypeOf<typeof ProtocolUpgradeStarted>;
