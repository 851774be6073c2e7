import type * as t from 'io-ts';
import { message } from '../wire/message.js';
import { count } from '../wire/scalars.js';

/** What a data node answers when it has stored everything up to this block. */
export const ProtocolUpgradeDataNodeReady = message('ProtocolUpgradeDataNodeReady', {
  lastBlockHeight: count(1),
});
export type ProtocolUpgradeDataNodeReady = t.TypeOf<typeof ProtocolUpgradeDataNodeReady>;
