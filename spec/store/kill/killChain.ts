import { chainOf, type ChainEvent } from '../chainOf.js';

/** The chain of the kill tests: the first block twice, one to three rows a block, an epoch update in every block. */
export const killChain = (blocks: number): readonly ChainEvent[] =>
  chainOf(Array.from({ length: blocks }, (_, i) => ({ rows: 1 + (i % 3), epoch: true })));

/** Every step of a block's life in which the child may be killed; the last one is also "between the two first blocks". */
export const STEPS = [
  'begin',
  'begin sent',
  'add',
  'add sent',
  'event',
  'event sent',
  'flush',
  'flush sent',
  'commit',
  'commit sent',
  'committed',
  'refresh',
  'refresh sent',
  'emitted',
] as const;
