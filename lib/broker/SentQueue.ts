import type { AnyEvent } from '../event/AnyEvent.js';
import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import type { Backlogs } from './Backlogs.js';
import type { Sent } from './checkedBatch.js';
import type { Addressee } from './Routes.js';

/** What was sent from inside a delivery, in order: it is dispatched when the event before it has reached everybody. */
export class SentQueue<E extends AnyEvent> {
  readonly #sent = new RingBuffer<Sent<E>>();
  readonly #backlogs: Backlogs<E>;
  #events = 0;

  constructor(backlogs: Backlogs<E>) {
    this.#backlogs = backlogs;
  }

  /** Throws if a bound would be passed because of these events. `running`: events of the call that is being dispatched. */
  checkRoom(events: readonly E[], running: number): void {
    const { maxPending } = this.#backlogs;
    if (running > 0 && this.#events + events.length > maxPending)
      throw new BacklogFullError('events sent from inside a delivery', this.#events, maxPending);
    this.#backlogs.checkRoom(events, running > 0 ? this.#events + running : 0);
  }

  push(sent: Sent<E>): void {
    this.#sent.push(sent);
    this.#events += sent.events.length;
  }

  shift(): Sent<E> | undefined {
    const sent = this.#sent.shift();
    this.#events -= sent?.events.length ?? 0;
    return sent;
  }

  /** Drops what waits, and reports it to the subscribers that would have got it. */
  refuse(addressees: Iterable<Addressee<E>>): void {
    const calls: (readonly E[])[] = [];
    for (let sent = this.shift(); sent !== undefined; sent = this.shift()) calls.push(sent.events);
    for (const addressee of addressees)
      addressee.refuse(calls.flatMap(events => this.#backlogs.eventsFor(addressee, events)));
  }
}
