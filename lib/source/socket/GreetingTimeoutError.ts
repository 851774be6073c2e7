import { seeDocs } from '../../event/seeDocs.js';

/**
 * A peer connected and did not send a greeting in time (promise N3).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#greetingtimeouterror
 */
export class GreetingTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'GreetingTimeoutError';
  /** The address of the peer. */
  readonly peer: string;
  /** The limit, in ms. */
  readonly deadline: number;

  constructor(peer: string, deadline: number) {
    super(seeDocs('GreetingTimeoutError', `${peer}: expected a greeting within ${deadline} ms, found none`));
    this.peer = peer;
    this.deadline = deadline;
  }
}
