/**
 * An entry of a bucket.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValueEntry {
  /** Its data. */
  readonly value: Uint8Array;
  /** Its revision, which `update` expects. */
  readonly revision: number;
  /** Anything but `PUT`: it is deleted. */
  readonly operation: string;
}

/**
 * What is needed of a bucket of NATS KV: one that `@nats-io/kv` opens.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface KeyValue {
  /** The last entry of a key; `null`: there is none. */
  get(key: string): Promise<KeyValueEntry | null>;
  /** Rejects if the key is there. */
  create(key: string, data: Uint8Array): Promise<number>;
  /** Rejects if the revision of the key is another one. */
  update(key: string, data: Uint8Array, revision: number): Promise<number>;
}
