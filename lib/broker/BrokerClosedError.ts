import { seeDocs } from '../event/seeDocs.js';

/** The broker is closed, or is being drained: it takes no events and no subscribers (promise B6). */
export class BrokerClosedError extends Error {
  override readonly name = 'BrokerClosedError';
  /** What was asked of it. */
  readonly call: string;

  constructor(call: string) {
    super(seeDocs('BrokerClosedError', `${call}: expected an open broker, found one that is closed or being drained`));
    this.call = call;
  }
}
