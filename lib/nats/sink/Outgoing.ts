import type { PublishFailure } from './publishFailure.js';

/** The caller that pushed values into a queue. It receives their outcomes in order. */
export interface OutgoingOwner<T> {
  stored(outgoing: Outgoing<T>): void;
  failed(error: unknown): void;
}

/** A value on its way into a stream. */
export interface Outgoing<T> {
  readonly value: T;
  readonly subject: string;
  readonly data: Uint8Array;
  /** The place in the source of the sink, if `placeOf` is set. */
  readonly place: bigint | undefined;
  readonly owner: OutgoingOwner<T>;
  /** The number in the subject. 0 until the message is sent for the first time. */
  position: number;
  /** The message id. Assigned together with `position`. */
  id: string;
  /** The actual or expected sequence in the stream. 0 if it is not known. */
  sequence: number;
  /** `stored` and `refused` are final. */
  phase: 'waiting' | 'sent' | 'stored' | 'refused';
  /** Whether the message was already in the stream. */
  duplicate: boolean;
  /** The reason for `refused`. */
  error: unknown;
}

/** A message that was sent and failed. */
export interface Failure<T> {
  readonly outgoing: Outgoing<T>;
  readonly kind: PublishFailure;
  readonly error: unknown;
}
