import type { Gap } from '../contract/Gap.js';
import type { Measure } from '../mailbox/Measure.js';
import { RingBuffer } from '../RingBuffer.js';
import type { Entry } from './LaneQueue.js';

/** The units from the oldest unfinished one on, in the order in which they were offered. */
export class LaneOrder<U, E> {
  /** Finished events before the oldest unfinished one. */
  settled = 0;
  /** Finished events after the oldest unfinished one. */
  ahead = 0;
  /** Changes when the oldest unfinished unit begins, or when another one becomes the oldest. */
  steps = 0;
  readonly #entries = new RingBuffer<Entry<U>>();
  readonly #measure: Measure<U, E>;

  constructor(measure: Measure<U, E>) {
    this.#measure = measure;
  }

  /** The oldest unfinished unit. */
  get oldest(): Entry<U> | undefined {
    return this.#entries.at(0);
  }

  /** Its first event. */
  get front(): E | undefined {
    const { oldest } = this;
    return oldest === undefined ? undefined : this.#measure.first(oldest.unit as U);
  }

  add(entry: Entry<U>): void {
    this.#entries.push(entry);
  }

  begin(entry: Entry<U>): void {
    entry.state = 'inFlight';
    if (entry === this.oldest) this.steps++;
  }

  finish(entry: Entry<U>): void {
    entry.state = 'finished';
    entry.unit = undefined;
    this.ahead += entry.events;
    for (let { oldest } = this; oldest?.state === 'finished'; { oldest } = this) {
      this.#entries.shift();
      this.settled += oldest.events;
      this.ahead -= oldest.events;
      this.steps++;
    }
  }

  /** Finishes all waiting units. Returns them as one gap. */
  dropWaiting(drop: (entry: Entry<U>) => void): Gap<E> | undefined {
    const waiting: Entry<U>[] = [];
    for (let i = 0; i < this.#entries.length; i++) {
      const entry = this.#entries.at(i)!;
      if (entry.state === 'waiting') waiting.push(entry);
    }
    const [first] = waiting;
    if (first === undefined) return undefined;
    const gap = {
      count: waiting.reduce((sum, { events }) => sum + events, 0),
      reason: 'closed',
      first: this.#measure.first(first.unit as U),
      last: this.#measure.last(waiting.at(-1)!.unit as U),
    } as const;
    for (const entry of waiting) {
      drop(entry);
      this.finish(entry);
    }
    return gap;
  }
}
