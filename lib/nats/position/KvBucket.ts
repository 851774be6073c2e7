/**
 * What is needed of a KV bucket: one of `@nats-io/kv`. It is made by the program.
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export interface KvBucket {
  get(key: string): Promise<{
    readonly value: Uint8Array;
    readonly revision: number;
    readonly operation: 'PUT' | 'DEL' | 'PURGE';
  } | null>;
  create(key: string, value: string): Promise<number>;
  update(key: string, value: string, revision: number): Promise<number>;
}
