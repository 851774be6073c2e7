/**
 * What a block store needs to know of an event: the seam between blocks and a protocol.
 *
 * - `begin`, `end`: the first and the last event of a block. A `begin` carries the block's `time`.
 * - `epoch`: the block that holds it is followed by a refresh of the materialised views (promise S3).
 * - `snapshot`, `upgradeSnapshot`: the core took a snapshot; it did so for a protocol upgrade (promise S5).
 * - `upgradeStarted`: the core has stopped for a protocol upgrade (promise S6). Its height is the one of the last block.
 * - `other`: any other event of a block.
 */
export interface BlockMark {
  readonly kind: 'begin' | 'end' | 'epoch' | 'snapshot' | 'upgradeSnapshot' | 'upgradeStarted' | 'other';
  readonly chainId: string;
  readonly height: number;
  /** The block's hash; compared in lower case. */
  readonly hash: string;
  /** Unix time in ns, of a `begin`; it is cut to the microsecond. */
  readonly time?: bigint;
}
