import { seeDocs } from '../event/seeDocs.js';

/** One branch more than a fan-out expects (promise F2). */
export class FanOutFullError extends Error {
  override readonly name = 'FanOutFullError';
  readonly expectedSubscribers: number;

  constructor(expectedSubscribers: number) {
    const expected = String(expectedSubscribers);
    super(seeDocs('FanOutFullError', `fan-out: expected ${expected} subscribers, found one more`));
    this.expectedSubscribers = expectedSubscribers;
  }
}
