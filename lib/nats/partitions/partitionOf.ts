import { count, needed, checkOption, text } from '../../flow/contract/options.js';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const encoder = new TextEncoder();

/**
 * The partition of a key: the 32-bit FNV-1a hash of its UTF-8 bytes, modulo the number of partitions (promise J12: the hash is
 * fixed). A producer in another language can compute the same number.
 *
 * Throws `OptionError`.
 *
 * @param key - Messages with the same key stay in order, such as those of one account.
 * @param partitions - The number of partitions, 1 to 4096.
 * @example
 * ```ts
 * partitionOf('', 8); // 5
 * partitionOf('foobar', 8); // 0
 * ```
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export const partitionOf = (key: string, partitions: number): number => {
  checkOption('key', key, needed(text));
  checkOption('partitions', partitions, needed(count(1, 4096)));
  let hash = OFFSET_BASIS;
  for (const byte of encoder.encode(key)) hash = Math.imul(hash ^ byte, PRIME) >>> 0;
  return hash % partitions;
};
