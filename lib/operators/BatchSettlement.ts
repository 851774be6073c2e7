import { Observable, type Subscriber } from 'rxjs';
import type { Settlement } from '../flow/contract/Settlement.js';
import { currentValue } from '../flow/level/currentValue.js';
import { SettledCount } from '../flow/settlement/SettledCount.js';
import { settledBy, type Given } from '../flow/settlement/settledBy.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';

/** What an operator that collects batches reports to its source: an event is settled when its batch is (promise K2). */
export class BatchSettlement {
  readonly #subscriber: Subscriber<never>;
  readonly #given: Settlement | undefined;
  readonly #rest = currentValue(true, 'a source threw when its consumer came to rest');
  readonly #count: SettledCount;
  /** Notified of each batch, by its last event, once the source asks. */
  #told: Given<number> | undefined;

  constructor(subscriber: Subscriber<never>, settlement: Settlement | undefined) {
    this.#subscriber = subscriber;
    this.#given = settlement;
    const atRest$ = new Observable<boolean>(follower => {
      this.ended();
      this.#updateRest();
      return this.#rest.value$.subscribe(follower);
    });
    this.#count = new SettledCount({ received: 0, settled: 0 }, () => this.#track(), atRest$);
  }

  /** Called when a source that acknowledges is at its end: what it gave last is handed over while it still listens. */
  ended: () => void = () => undefined;

  /** The settlement that the source gets. */
  get settlement(): Settlement {
    return this.#count;
  }

  /** An event came. */
  take(): void {
    this.#count.received++;
  }

  /** All events since the last batch are handed over as one. */
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
    // if the consumer fails, what it has not settled stays unsettled
    if (this.#given !== undefined)
      subscribeOwned(this.#subscriber, this.#given.settled$, { complete: () => this.#count.end() });
  }

  /** Events that are not in a batch yet are settled with later ones. */
  #updateRest(): void {
    this.#rest.set(this.#told === undefined || this.#told.unsettled === 0);
  }
}
