/**
 * An entry of a bucket.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValueEntry {
  /** Its data. */
  readonly value: Uint8Array;
  /** Its revision, which `update` expects. */
  readonly revision: number;
  /** `PUT`: it is a value. Anything else: it was deleted. */
  readonly operation: string;
}

/**
 * What is needed of a bucket of NATS KV: one that `@nats-io/kv` opens. It is made by the program.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValue {
  /** The last entry of a key; `null`: there is none. */
  get(key: string): Promise<KeyValueEntry | null>;
  /** Stores the first value of a key. Resolves with its revision. Rejects if the key has a value. */
  create(key: string, data: Uint8Array): Promise<number>;
  /** Stores a value after this revision. Resolves with the new one. Rejects if the key has another revision. */
  update(key: string, data: Uint8Array, revision: number): Promise<number>;
}
