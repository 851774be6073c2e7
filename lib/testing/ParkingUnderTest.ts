import type { Parking } from '../flow/contract/Parking.js';

/** The events that the contract parks. */
export interface ParkedTestEvent {
  /** A name within its key. */
  readonly name: string;
}

/**
 * A parking, and what a test does with it.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ParkingUnderTest {
  /** The parking. It is empty. */
  readonly parking: Parking<ParkedTestEvent>;
  /**
   * Opens the same data in a new parking, as after a restart. The old one is not used again. Default: the tests about a restart
   * are left out.
   */
  readonly reopen?: () => Promise<ParkingUnderTest>;
  /** Closes it, after the test. */
  close(): Promise<void>;
}
