import type { KeyValue } from '../KeyValue.js';
import { decodeTable, emptyTable, encodeTable, type LeaseTable } from './LeaseTable.js';

/** The lease table in a KV bucket. Each change is a compare-and-set. */
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
   * Reads the table, writes what `change` returns, and resolves with that. Rejects if another member changed the table in
   * between, or if the bucket fails.
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
