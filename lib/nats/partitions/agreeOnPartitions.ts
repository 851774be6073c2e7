import type { KeyValue } from '../KeyValue.js';
import { PartitionsError } from './PartitionsError.js';

/**
 * Stores the number of partitions on first use. Later it rejects with `PartitionsError` if the stored number differs. Other
 * rejections are errors of the bucket.
 */
export const agreeOnPartitions = async (kv: KeyValue, name: string, partitions: number): Promise<void> => {
  const key = `partitions.${name}`;
  const read = async (): Promise<number | undefined> => {
    const entry = await kv.get(key);
    return entry?.operation === 'PUT' ? Number(new TextDecoder().decode(entry.value)) : undefined;
  };
  let stored = await read();
  if (stored === undefined) {
    try {
      await kv.create(key, new TextEncoder().encode(String(partitions)));
      return;
    } catch (error) {
      // another process may have stored the number first
      stored = await read();
      if (stored === undefined) throw error;
    }
  }
  if (stored !== partitions) throw new PartitionsError(name, stored, partitions);
};
