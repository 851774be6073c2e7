import type * as t from 'io-ts';
import { text } from '../wire/contents.js';
import { message } from '../wire/message.js';
import { bool, count } from '../wire/scalars.js';

/** The core took a snapshot at the end of a block. */
export const CoreSnapshotData = message('CoreSnapshotData', {
  blockHeight: count(1),
  blockHash: text(2),
  coreVersion: text(3),
  protocolUpgradeBlock: bool(4),
});
export type CoreSnapshotData = t.TypeOf<typeof CoreSnapshotData>;
