import { BacklogFullError } from '../flow/contract/BacklogFullError.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import type { Sent } from './checkedBatch.js';

/** What was sent from inside a delivery, in order: it is dispatched when the event before it has reached everybody. */
export class SentQueue<E> {
  readonly #sent = new RingBuffer<Sent<E>>();
  #events = 0;

  /** How many events wait. */
  get events(): number {
    return this.#events;
  }

  /** Throws if that many more would be more than may wait. */
  checkRoom(events: number, maxPending: number): void {
    if (this.#events + events > maxPending)
      throw new BacklogFullError('events sent from inside a delivery', this.#events, maxPending);
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

  /** Empties it, and gives what waited, call by call. */
  take(): readonly (readonly E[])[] {
    const calls: (readonly E[])[] = [];
    for (let sent = this.shift(); sent !== undefined; sent = this.shift()) calls.push(sent.events);
    return calls;
  }
}
