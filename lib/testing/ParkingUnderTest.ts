import type { Parking } from '../flow/contract/Parking.js';

/** The events that the contract parks. */
export interface ParkedTestEvent {
  /** The name of the event. */
  readonly name: string;
}

/**
 * The parking under test, with the operations that the tests need.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ParkingUnderTest {
  /** The parking. It must be empty. */
  readonly parking: Parking<ParkedTestEvent>;
  /**
   * Opens the same data in a new parking, as after a restart. The old one is not used again. Default: the tests about a restart
   * are skipped.
   */
  readonly reopen?: () => Promise<ParkingUnderTest>;
  /** Closes the parking. Called after the test. */
  close(): Promise<void>;
}
