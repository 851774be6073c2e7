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

  /** Throws if these events would take a required backlog past `maxPending`. `ahead`: events to be dispatched before them. */
  checkRoom(events: readonly E[], ahead: number): void {
    const { maxPending } = this;
    const concerned = events.length === 1 ? this.#routes.of(events[0]!).members : this.keepers;
    for (const addressee of concerned) {
      if (addressee?.required !== true) continue;
      const { backlog } = addressee;
      // without a mailbox there is no backlog; an idle subscriber takes a batch of any size
      if (backlog === undefined || backlog + ahead === 0) continue;
      const pending = backlog + ahead;
      if (pending + events.length <= maxPending) continue;
      const its = this.eventsFor(addressee, events).length;
      if (its > 0 && pending + its > maxPending) throw new BacklogFullError(addressee.who.name, backlog, maxPending);
    }
  }

  /** The events of one `send` or `sendBatch` that the subscriber gets in its current state. */
  eventsFor(addressee: Addressee<E>, events: readonly E[]): readonly E[] {
    return events.filter(event => {
      try {
        return addressee.takes(this.#routes.of(this.#hasWholeBatches ? events[0]! : event));
      } catch {
        return false; // reading its type throws now, so it would have reached no subscriber
      }
    });
  }
}
