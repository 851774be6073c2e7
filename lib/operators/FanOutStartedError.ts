import { seeDocs } from '../event/seeDocs.js';

/** A branch that comes into a round that is running: it would have missed the beginning (promise F2). */
export class FanOutStartedError extends Error {
  override readonly name = 'FanOutStartedError';
  /** Branches that are in the round. */
  readonly present: number;
  readonly expectedSubscribers: number;

  constructor(present: number, expectedSubscribers: number) {
    const found = `a running one with ${String(present)} of ${String(expectedSubscribers)}`;
    super(seeDocs('FanOutStartedError', `fan-out: expected a round that has not begun, found ${found}`));
    this.present = present;
    this.expectedSubscribers = expectedSubscribers;
  }
}
