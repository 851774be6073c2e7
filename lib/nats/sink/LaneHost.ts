import type { PublishAck, PublishExpectation } from './JetStreamPublisher.js';
import type { TroubleHost } from './LaneTrouble.js';
import type { Outgoing } from './Outgoing.js';
import type { StreamReader } from './StreamReader.js';
import type { SubjectStates } from './SubjectStates.js';

/** The queue of a lane, as the lane sees it. */
export interface LaneHost<T> extends TroubleHost {
  readonly stream: string;
  readonly reader: StreamReader;
  readonly states: SubjectStates;
  publish(outgoing: Outgoing<T>, expectation: PublishExpectation): Promise<PublishAck>;
  /** The error if the message must not be sent. */
  refusal(outgoing: Outgoing<T>): Error | undefined;
  /** Messages of the lane have finished. */
  progressed(): void;
  /** The sink has failed permanently. */
  failed(error: unknown): void;
}
