import { seeDocs } from '../../event/seeDocs.js';

/**
 * Events cannot be parked, since a bound of the parking would be exceeded (promise B22f). None of them was stored.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#parkingfullerror
 */
export class ParkingFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ParkingFullError';
  /** The name of the subscriber whose events they are. */
  readonly subscriber: string;
  /** The option that was exceeded: `most` in events, or `mostBytes`. */
  readonly bound: 'most' | 'mostBytes';
  /** The value of that option. */
  readonly limit: number;

  constructor(subscriber: string, bound: 'most' | 'mostBytes', limit: number) {
    const unit = bound === 'most' ? 'events' : 'bytes';
    super(
      seeDocs(
        'ParkingFullError',
        `${subscriber}: the parking is full: ${bound} is ${limit} ${unit}; replay or discard parked events`,
      ),
    );
    this.subscriber = subscriber;
    this.bound = bound;
    this.limit = limit;
  }
}
