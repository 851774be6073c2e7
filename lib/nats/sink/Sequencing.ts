import type { PublishExpectation } from './JetStreamPublisher.js';
import type { Outgoing } from './Outgoing.js';

/** A message that was found in the stream, and where. */
export type Found<T> = readonly [outgoing: Outgoing<T>, sequence: number];

/**
 * How the messages of a lane are chained: what each expects to be before it, so that one can only be stored after the one
 * that was sent before it (promise J13), and never twice (promise J14).
 */
export interface Sequencing<T> {
  /** How many may be in flight. */
  readonly depth: number;
  /** Reads where the lane begins. */
  begin(): Promise<void>;
  /** It is about to be sent for the first time. */
  assign(outgoing: Outgoing<T>): void;
  expectation(outgoing: Outgoing<T>): PublishExpectation;
  /** Whether it may have been stored there. */
  isPlace(outgoing: Outgoing<T>, sequence: number): boolean;
  /**
   * Reads which messages are stored, of those that were sent and not confirmed. Throws `SecondWriterError` if a message of
   * somebody else is in the place of one.
   */
  find(sent: readonly Outgoing<T>[]): Promise<readonly Found<T>[]>;
}
