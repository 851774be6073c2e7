/**
 * An entry of a KV bucket.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValueEntry {
  /** The stored bytes. */
  readonly value: Uint8Array;
  /** The revision of this entry. Pass it to `update`. */
  readonly revision: number;
  /** `PUT` if the entry is a value. Anything else means that the key was deleted. */
  readonly operation: string;
}

/**
 * The part of a NATS KV bucket that this package uses. Your program opens the bucket with `@nats-io/kv`.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValue {
  /** Reads the last entry of a key. Resolves with `null` if there is none. */
  get(key: string): Promise<KeyValueEntry | null>;
  /** Stores the first value of a key. Resolves with its revision. Rejects if the key already has a value. */
  create(key: string, data: Uint8Array): Promise<number>;
  /** Stores a value if the key is at `revision`. Resolves with the new revision. Rejects if the key is at another one. */
  update(key: string, data: Uint8Array, revision: number): Promise<number>;
}
