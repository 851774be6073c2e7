import type { BlockMark } from '../store/blocks.js';

/** A test event of the store contract. It is its own `BlockMark`. */
export interface ContractEvent extends BlockMark {
  readonly type: 'Begin' | 'Row' | 'End';
  readonly value: number;
}

const block = (height: number, hash: string, values: readonly number[]): readonly ContractEvent[] => {
  const place = { chainId: 'contract', height, hash, value: 0 };
  return [
    { ...place, type: 'Begin', kind: 'begin', time: 1_700_000_000_000_000_000n },
    ...values.map(value => ({ ...place, type: 'Row' as const, kind: 'other' as const, value })),
    { ...place, type: 'End', kind: 'end' },
  ];
};

/** The test blocks. The first height has two blocks, as in every recording. */
export const contractChain = [
  ...block(1, 'twin', [1]),
  ...block(1, 'real', [2]),
  ...block(2, 'two', []),
  ...block(3, 'three', [3, 4, 5]),
];
