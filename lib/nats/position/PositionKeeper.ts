import type { StreamPlace } from './StreamPlace.js';

/** What a source tells of its places, so that its position is kept. */
export interface PositionKeeper {
  /** A message was given, and the consumer has now received that many values. Not told of one that gave nothing. */
  given(place: StreamPlace, received: number): void;
  /** This place is settled, and all before it. */
  settled(place: StreamPlace): void;
  /** Stores what is settled and not stored yet, and ends. */
  finish(): Promise<void>;
}
