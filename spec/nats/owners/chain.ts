import { partitionOf } from '../../../lib/nats/partitions/partitionOf.js';
import type { BlockMark } from '../../../lib/store/blocks.js';

export const STREAM = 'OWNED';
export const PREFIX = 'owned';
export const PARTITIONS = 4;
export const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** Begin and end go to every partition, a row to that of its key: its value is the height, so each key has all heights in order. */
export interface OwnedEvent {
  readonly type: 'Begin' | 'Row' | 'End';
  readonly partition: number;
  readonly height: number;
  readonly key: string;
}

/** A block of all partitions. */
export const blockAt = (height: number): readonly OwnedEvent[] => {
  const each = (type: 'Begin' | 'End'): readonly OwnedEvent[] =>
    Array.from({ length: PARTITIONS }, (_, partition) => ({ type, partition, height, key: '' }));
  const rows = KEYS.map(key => ({ type: 'Row' as const, partition: partitionOf(key, PARTITIONS), height, key }));
  return [...each('Begin'), ...rows, ...each('End')];
};

export const encodeOwned = (event: OwnedEvent): Uint8Array => new TextEncoder().encode(JSON.stringify(event));
export const decodeOwned = (data: Uint8Array): OwnedEvent => JSON.parse(new TextDecoder().decode(data)) as OwnedEvent;

export const CHAIN_ID = 'owned';
export const markOwned = ({ type, height }: OwnedEvent): BlockMark => ({
  kind: type === 'Begin' ? 'begin' : type === 'End' ? 'end' : 'other',
  chainId: CHAIN_ID,
  height,
  hash: `ab${height}`,
  ...(type === 'Begin' && { time: BigInt(height) * 1_000_000_000n }),
});
