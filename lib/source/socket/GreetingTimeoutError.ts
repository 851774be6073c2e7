import { seeDocs } from '../../event/seeDocs.js';

/** A peer that did not greet in time (promise N3). */
export class GreetingTimeoutError extends Error {
  override readonly name = 'GreetingTimeoutError';
  readonly peer: string;
  /** Milliseconds. */
  readonly deadline: number;

  constructor(peer: string, deadline: number) {
    super(seeDocs('GreetingTimeoutError', `${peer}: expected a greeting within ${deadline} ms, found none`));
    this.peer = peer;
    this.deadline = deadline;
  }
}
