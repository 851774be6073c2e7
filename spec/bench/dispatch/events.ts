import type { Numbered } from './handlers.js';

export const TYPES: readonly string[] = Array.from({ length: 50 }, (_, i) => `Type${i}`);

/** Small enough to stay in the cache: a large pool measures memory. */
export const pool: readonly Numbered[] = Array.from({ length: 1000 }, (_, n) => ({
  type: TYPES[(n * 7) % TYPES.length]!,
  n,
}));
