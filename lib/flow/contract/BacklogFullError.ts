import { seeDocs } from '../../event/seeDocs.js';

/**
 * A required backlog is full (promise B12). `send` throws it before any subscriber has received the event; a stream
 * that cannot be paused errors with it.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#backlogfullerror
 */
export class BacklogFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BacklogFullError';
  /** The name of the subscriber or operator whose backlog it is. */
  readonly who: string;
  /** Events in the backlog, including those of the delivery in flight. */
  readonly pending: number;
  /** The limit: the option `maxPending`, in events. */
  readonly maxPending: number;

  constructor(who: string, pending: number, maxPending: number) {
    super(
      seeDocs(
        'BacklogFullError',
        `${who}: the backlog is full (pending: ${pending}, maxPending: ${maxPending}); wait while saturated$ is true, or use a source that can be paused`,
      ),
    );
    this.who = who;
    this.pending = pending;
    this.maxPending = maxPending;
  }
}
