/** The fields of a `STREAM.INFO` response that are used. */
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

/** The fields of a `CONSUMER.INFO` response that are used. */
export interface ConsumerInfo {
  readonly num_pending: number;
  readonly delivered: { readonly stream_seq: number };
  readonly paused?: boolean;
}

/** The creation time in ms since 1970. Servers write the same instant in different formats. */
export const createdAt = (created: string): number => Date.parse(created);
