import type { AnyEvent } from '../event/AnyEvent.js';
import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import type { Addressee, Routes } from './Routes.js';

/** The backlogs of a broker, and whether they have room (promise B12). */
export class Backlogs<E extends AnyEvent> {
  /** Subscribers that have a mailbox. */
  readonly keepers = new Set<Addressee<E>>();
  readonly maxPending: number;
  readonly #routes: Routes<E>;
  readonly #hasWholeBatches: boolean;

  constructor(routes: Routes<E>, maxPending: number, wholeBatches: boolean) {
    this.#routes = routes;
    this.maxPending = maxPending;
    this.#hasWholeBatches = wholeBatches;
  }

  /** Throws if a required backlog would pass its bound because of these events, sent after `ahead` others. */
  checkRoom(events: readonly E[], ahead: number): void {
    const { maxPending } = this;
    const concerned = events.length === 1 ? this.#routes.of(events[0]!).members : this.keepers;
    for (const addressee of concerned) {
      if (addressee?.required !== true) continue;
      const { backlog } = addressee;
      // one without a mailbox keeps nothing; an idle one takes a batch of any size
      if (backlog === undefined || backlog + ahead === 0) continue;
      const pending = backlog + ahead;
      if (pending + events.length <= maxPending) continue;
      const its = this.eventsFor(addressee, events).length;
      if (its > 0 && pending + its > maxPending) throw new BacklogFullError(addressee.who.name, backlog, maxPending);
    }
  }

  /** The events of one call that the subscriber is to get, as it is now. */
  eventsFor(addressee: Addressee<E>, events: readonly E[]): readonly E[] {
    return events.filter(event => {
      try {
        return addressee.takes(this.#routes.of(this.#hasWholeBatches ? events[0]! : event));
      } catch {
        return false; // its type can no longer be read: it would not have reached anybody
      }
    });
  }
}
