import type { StreamPlace } from './StreamPlace.js';

/** Stores the position of a source. */
export interface PositionKeeper {
  /**
   * A message was emitted. `received` counts the values that the consumer has received so far. Not called if the message
   * produced no value.
   */
  given(place: StreamPlace, received: number): void;
  /** This place and all places before it are settled. */
  settled(place: StreamPlace): void;
  /** Stores the last settled place, if it is not stored yet, and ends. */
  finish(): Promise<void>;
}
