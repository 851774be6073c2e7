import { seeDocs } from '../event/seeDocs.js';

/**
 * A required backlog cannot take more (promise B12). Thrown by `send` before anybody has received the event, and given
 * by a stream that has no brake.
 */
export class BacklogFullError extends Error {
  override readonly name = 'BacklogFullError';
  /** Whose backlog. */
  readonly who: string;
  /** Events that wait, the delivery in hand included. */
  readonly pending: number;
  readonly maxPending: number;

  constructor(who: string, pending: number, maxPending: number) {
    super(
      seeDocs(
        'BacklogFullError',
        `${who}: expected at most ${String(maxPending)} pending events, found ${String(pending)} and more to come; obey saturated$, or give a source that can be paused`,
      ),
    );
    this.who = who;
    this.pending = pending;
    this.maxPending = maxPending;
  }
}
