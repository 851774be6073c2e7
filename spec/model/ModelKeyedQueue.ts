import { gapOf, joined, type Fitted, type ModelGap } from './ModelQueue.js';
import { bytesOf, keyOf, numbers, type Sent } from './World.js';

interface Entry {
  event: Sent;
  superseded: readonly Sent[];
}

/** What waits under `keepLatestBy`: a list of events, of each key one. */
export class ModelKeyedQueue {
  #waiting: Entry[] = [];
  #overflow: ModelGap | undefined;
  readonly #isSized: boolean;
  /** The most of a delivery. */
  readonly #most: number;

  constructor(most: number, isSized: boolean) {
    this.#most = most;
    this.#isSized = isSized;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  get events(): readonly Sent[] {
    return this.#waiting.map(({ event }) => event);
  }

  get bytes(): number {
    return this.events.reduce((sum, event) => sum + this.#bytesOf(event), 0);
  }

  /** Event by event. One that comes while the subscriber is idle fits. */
  fit(events: readonly Sent[], bound: number, bytes: number, idle: boolean): Fitted {
    let taken = false;
    let dropped = 0;
    const opened: ModelGap[] = [];
    for (const [index, event] of events.entries()) {
      const key = keyOf(event);
      const old = this.#waiting.find(entry => key !== undefined && keyOf(entry.event) === key);
      const after = this.bytes + this.#bytesOf(event) - (old ? this.#bytesOf(old.event) : 0);
      if (!(idle && index === 0) && (after > bytes || (!old && this.#waiting.length >= bound))) {
        const gap = gapOf([event]);
        if (this.#overflow === undefined) opened.push(gap);
        this.#overflow = joined(this.#overflow, gap);
        dropped++;
      } else if (old) {
        old.superseded = [...old.superseded, old.event];
        old.event = event;
        dropped++;
      } else {
        this.#waiting.push({ event, superseded: [] });
        taken = true;
      }
    }
    return { taken, dropped, opened };
  }

  takeGap(): (ModelGap & { readonly superseded?: true }) | undefined {
    if (this.empty) return undefined;
    const overflow = this.#overflow;
    this.#overflow = undefined;
    if (overflow) return overflow;
    const next = this.#waiting.slice(0, this.#together());
    const superseded = next.flatMap(entry => entry.superseded);
    for (const entry of next) entry.superseded = [];
    return superseded.length > 0 ? { ...gapOf(superseded), superseded: true } : undefined;
  }

  shift(): readonly Sent[] {
    return this.#waiting.splice(0, this.#together()).map(({ event }) => event);
  }

  clear(): readonly ModelGap[] {
    const superseded = this.#waiting.flatMap(entry => entry.superseded);
    const gaps = [this.#overflow, superseded.length > 0 ? gapOf(superseded) : undefined];
    this.#waiting = [];
    this.#overflow = undefined;
    return gaps.filter(gap => gap !== undefined);
  }

  state(): unknown {
    return [this.#waiting.map(({ event, superseded }) => [event.n, numbers(superseded)]), this.#overflow];
  }

  /** How many are the next delivery: as many as it may have, up to one that fails without a try. */
  #together(): number {
    const fails = this.#waiting.findIndex(({ event }) => this.#fails(event));
    return Math.min(this.#most, fails < 0 ? this.#waiting.length : Math.max(1, fails));
  }

  #fails(event: Sent): boolean {
    return keyOf(event) === undefined || (this.#isSized && bytesOf(event) === undefined);
  }

  #bytesOf(event: Sent): number {
    return this.#isSized && !this.#fails(event) ? bytesOf(event)! : 0;
  }
}
