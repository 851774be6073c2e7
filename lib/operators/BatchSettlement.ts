import { defer, Subscription, type Subscriber } from 'rxjs';
import type { Settlement } from '../flow/contract/Settlement.js';
import { currentValue, type CurrentValue } from '../flow/level/currentValue.js';
import { askRest } from '../flow/settlement/askRest.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { settledBy, type Given } from '../flow/settlement/settledBy.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** Reports to the source of a batching operator what is settled: an event is settled with its batch (promise K2). */
export class BatchSettlement {
  readonly #subscriber: Subscriber<never>;
  readonly #given: Settlement | undefined;
  readonly #count: SettledCount;
  /** `undefined` until the source asks. */
  #rest: CurrentValue<boolean> | undefined;
  #asking = Subscription.EMPTY;
  #isConsumerAtRest = false;
  /** Follows each batch under the number of its last event. `undefined` until the source subscribes to `settled$`. */
  #told: Given<number> | undefined;

  constructor(subscriber: Subscriber<never>, settlement: Settlement | undefined) {
    this.#subscriber = subscriber;
    this.#given = settlement;
    const atRest$ = defer(() => {
      this.ended();
      this.#rest ??= currentValue(false, 'a source threw when its consumer had no more unsettled values');
      this.#askRest();
      return this.#rest.value$;
    });
    this.#count = new SettledCount({ received: 0, settled: 0 }, () => this.#track(), atRest$);
  }

  /** Called when the source has ended but still waits for settlements: hands over the last, incomplete batch. */
  ended: () => void = () => undefined;

  /** The settlement that the source gets. */
  get settlement(): Settlement {
    return this.#count;
  }

  /** Counts an event of the source. */
  take(): void {
    this.#count.received++;
  }

  /** Hands over a batch: all events since the previous one. */
  hand(emit: () => void): void {
    if (this.#told === undefined) emit();
    else this.#told(this.#count.received, emit);
    this.#updateRest();
  }

  complete(): void {
    if (this.#told === undefined) this.#subscriber.complete();
    else this.#told.complete();
  }

  #track(): void {
    this.#told = settledBy<number>(this.#subscriber, this.#given, upTo => {
      this.#count.settle(upTo);
      this.#updateRest();
    });
    // if the consumer fails, its unsettled events stay unsettled
    subscribeOwned(this.#subscriber, this.#given!.settled$, { complete: () => this.#count.end() });
  }

  /** The consumer has been handed everything. Each time that the source asks, the consumer is asked anew. */
  #askRest(): void {
    this.#asking.unsubscribe();
    this.#asking = new Subscription();
    this.#isConsumerAtRest = false;
    askRest(this.#asking, this.#subscriber, this.#given, isAtRest => {
      this.#isConsumerAtRest = isAtRest;
      this.#updateRest();
    });
    this.#updateRest();
  }

  #updateRest(): void {
    this.#rest?.set(this.#isAtRest());
  }

  /** Does not count the events of the incomplete batch: they are settled with later ones. */
  #isAtRest(): boolean {
    return this.#told === undefined || this.#told.unsettled === 0 || this.#isConsumerAtRest;
  }
}
