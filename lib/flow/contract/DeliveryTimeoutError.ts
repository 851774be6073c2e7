import { seeDocs } from '../../event/seeDocs.js';

/**
 * The work of a delivery took longer than `failAfter`, and was cut off (promise B15). `retry` applies, then `onFailure`.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#deliverytimeouterror
 */
export class DeliveryTimeoutError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DeliveryTimeoutError';
  /** The name of the subscriber or operator whose delivery it is. */
  readonly who: string;
  /** The limit: the option `failAfter`, in ms. */
  readonly failAfter: number;

  constructor(who: string, failAfter: number) {
    super(seeDocs('DeliveryTimeoutError', `${who}: the work took longer than failAfter, ${failAfter} ms`));
    this.who = who;
    this.failAfter = failAfter;
  }
}
