/** What is looked at of the server's answer to `STREAM.INFO`. */
export interface StreamInfo {
  readonly created: string;
  readonly config: {
    readonly retention: string;
    readonly storage: string;
    readonly num_replicas: number;
    readonly persist_mode?: string;
  };
  readonly state: { readonly first_seq: number; readonly last_seq: number };
  readonly cluster?: { readonly leader?: string; readonly replicas?: readonly { readonly name: string }[] };
}

/** What is looked at of the answer to `CONSUMER.INFO` and `CONSUMER.CREATE`. */
export interface ConsumerInfo {
  readonly num_pending: number;
  readonly delivered: { readonly stream_seq: number };
  readonly paused?: boolean;
}

/** When the stream was created, in ms: servers say the same instant in several ways. */
export const createdAt = (created: string): number => Date.parse(created);
