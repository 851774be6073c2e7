/**
 * What is needed of a KV bucket: one of `@nats-io/kv`. It is made by the program.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface KvBucket {
  /** The last entry of a key; `null`: there is none. */
  get(key: string): Promise<{
    /** Its bytes. */
    readonly value: Uint8Array;
    /** Its number in the bucket. */
    readonly revision: number;
    /** Whether it is a value, or says that it was deleted. */
    readonly operation: 'PUT' | 'DEL' | 'PURGE';
  } | null>;
  /** Stores the first value of a key. Rejects if there is one. Resolves with its revision. */
  create(key: string, value: string): Promise<number>;
  /** Stores a value after this revision. Rejects if that is not the last one. */
  update(key: string, value: string, revision: number): Promise<number>;
}
