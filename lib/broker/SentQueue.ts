import type { AnyEvent } from '../event/AnyEvent.js';
import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import type { Backlogs } from './Backlogs.js';
import type { Sent } from './checkedBatch.js';
import type { Addressee } from './Routes.js';

/** Events sent from inside a delivery, in order. They are dispatched after the current event. */
export class SentQueue<E extends AnyEvent> {
  readonly #sent = new RingBuffer<Sent<E>>();
  readonly #backlogs: Backlogs<E>;
  #events = 0;

  constructor(backlogs: Backlogs<E>) {
    this.#backlogs = backlogs;
  }

  /** Throws if these events would exceed a bound. `running`: events of the call that is being dispatched. */
  checkRoom(events: readonly E[], running: number): void {
    const { maxPending } = this.#backlogs;
    if (running > 0 && this.#events + events.length > maxPending)
      throw new BacklogFullError('events sent from inside a delivery', this.#events, maxPending);
    this.#backlogs.checkRoom(events, this.#events + running);
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

  /** Drops what waits. Each subscriber counts and reports the events that it would have got. */
  refuse(addressees: Iterable<Addressee<E>>): void {
    const calls: (readonly E[])[] = [];
    for (let sent = this.shift(); sent !== undefined; sent = this.shift()) calls.push(sent.events);
    for (const addressee of addressees)
      addressee.refuse(calls.flatMap(events => this.#backlogs.eventsFor(addressee, events)));
  }
}
