import type { KeyValue } from '../KeyValue.js';
import { decodeTable, emptyTable, encodeTable, type LeaseTable } from './LeaseTable.js';

/** The table of leases in a bucket. Whoever changes it must have seen the last change. */
export class LeaseStore {
  readonly #kv: KeyValue;
  readonly #key: string;
  readonly #name: string;
  readonly #partitions: number;

  constructor(kv: KeyValue, name: string, partitions: number) {
    this.#kv = kv;
    this.#key = `leases.${name}`;
    this.#name = name;
    this.#partitions = partitions;
  }

  /**
   * Reads the table, and writes what `change` makes of it; gives what was written. Rejects if somebody else has changed it in
   * between, and with the error of the bucket.
   */
  async change(change: (table: LeaseTable) => LeaseTable): Promise<LeaseTable> {
    const entry = await this.#kv.get(this.#key);
    if (entry?.operation !== 'PUT') {
      const first = change(emptyTable(this.#partitions));
      await this.#kv.create(this.#key, encodeTable(first));
      return first;
    }
    const next = change(decodeTable(entry.value, this.#name, this.#partitions));
    await this.#kv.update(this.#key, encodeTable(next), entry.revision);
    return next;
  }
}
