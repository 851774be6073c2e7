import type { BlockMark } from '../../lib/store/blocks.js';

/** An event for the specs of this folder: it is its own mark. */
export interface ChainEvent extends BlockMark {
  readonly type: 'Begin' | 'End' | 'Epoch' | 'Snapshot' | 'UpgradeStarted' | 'Row';
  readonly sequence: number;
  readonly value: number;
}

export interface BlockPlan {
  readonly rows?: number;
  readonly epoch?: boolean;
  readonly snapshot?: 'inside' | 'after' | 'upgrade' | undefined;
}

export const CHAIN_ID = 'chain-1';

/** The time of a block, in ns with digits below the microsecond, so that the cut shows. */
export const timeOf = (height: number): bigint => 1_700_000_000_123_456_789n + BigInt(height) * 1_000_000_000n;

export const hashOf = (height: number, twin = false): string => `${twin ? 'EE' : 'AB'}${height}`;

const mark = (
  type: ChainEvent['type'],
  kind: BlockMark['kind'],
  height: number,
  hash: string,
  more: { readonly sequence: number; readonly value?: number },
): ChainEvent => ({
  type,
  kind,
  chainId: CHAIN_ID,
  height,
  hash,
  sequence: more.sequence,
  value: more.value ?? 0,
  ...(kind === 'begin' ? { time: timeOf(height) } : {}),
});

/** The events of one block: begin, rows, then what the plan says, end. A row's value is unique in the chain. */
export const blockEvents = (height: number, plan: BlockPlan = {}, twin = false): readonly ChainEvent[] => {
  const hash = hashOf(height, twin);
  let sequence = 1;
  const next = (type: ChainEvent['type'], kind: BlockMark['kind'], value?: number): ChainEvent =>
    mark(type, kind, height, hash, { sequence: sequence++, ...(value === undefined ? {} : { value }) });
  return [
    next('Begin', 'begin'),
    ...Array.from({ length: plan.rows ?? 1 }, (_, i) => next('Row', 'other', height * 1000 + (twin ? 500 : 0) + i)),
    ...(plan.epoch === true ? [next('Epoch', 'epoch')] : []),
    ...(plan.snapshot === 'inside' ? [next('Snapshot', 'snapshot')] : []),
    ...(plan.snapshot === 'upgrade' ? [next('Snapshot', 'upgradeSnapshot')] : []),
    next('End', 'end'),
    ...(plan.snapshot === 'after' ? [next('Snapshot', 'snapshot')] : []),
  ];
};

/** A recording: blocks from height 1, the first one twice (the twin first), as every recording has it. */
export const chainOf = (plans: readonly BlockPlan[]): readonly ChainEvent[] => [
  ...(plans[0] === undefined ? [] : blockEvents(1, plans[0], true)),
  ...plans.flatMap((plan, i) => blockEvents(i + 1, plan)),
];

/** The start of an upgrade after the block at `height`. */
export const upgradeStarted = (height: number): ChainEvent =>
  mark('UpgradeStarted', 'upgradeStarted', height, hashOf(height), { sequence: 1 });
