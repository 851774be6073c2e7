import type { PublishExpectation } from './JetStreamPublisher.js';
import type { Outgoing } from './Outgoing.js';

/** A message that was found in the stream, with its sequence. */
export type Found<T> = readonly [outgoing: Outgoing<T>, sequence: number];

/**
 * Chains the messages of a lane: each message expects a certain last sequence before it. So the server stores messages only in
 * the order in which they were sent (promise J13), and never twice (promise J14).
 */
export interface Sequencing<T> {
  /** How many messages may be in flight. */
  readonly depth: number;
  /** Reads from the stream where the lane begins. */
  begin(): Promise<void>;
  /** Called before a message is sent for the first time. */
  assign(outgoing: Outgoing<T>): void;
  expectation(outgoing: Outgoing<T>): PublishExpectation;
  /** Whether the message can have been stored at this sequence. */
  isPlace(outgoing: Outgoing<T>, sequence: number): boolean;
  /**
   * Reads which of the unconfirmed messages are stored. Throws `SecondWriterError` if a message of another writer is in the
   * place of one of them.
   */
  find(sent: readonly Outgoing<T>[]): Promise<readonly Found<T>[]>;
}
