import type { PublishFailure } from './publishFailure.js';

/** Who gave values to a queue, and is told what became of them, in order. */
export interface OutgoingOwner<T> {
  stored(outgoing: Outgoing<T>): void;
  failed(error: unknown): void;
}

/** A value on its way into a stream. */
export interface Outgoing<T> {
  readonly value: T;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Its place in the source of the sink, if the user says it. */
  readonly place: bigint | undefined;
  readonly owner: OutgoingOwner<T>;
  /** Its number in its subject: 0 until it is sent for the first time. */
  position: number;
  /** Given together with its position. */
  id: string;
  /** Where it is in the stream, or is going to be; 0: nobody knows. */
  sequence: number;
  /** Whether it has finished: it is stored, or never will be. */
  phase: 'waiting' | 'sent' | 'stored' | 'refused';
  /** Whether it was in the stream before it was sent. */
  duplicate: boolean;
  /** Why it is refused. */
  error: unknown;
}

/** A message that was sent and failed. */
export interface Failure<T> {
  readonly outgoing: Outgoing<T>;
  readonly kind: PublishFailure;
  readonly error: unknown;
}
