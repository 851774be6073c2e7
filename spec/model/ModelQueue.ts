import type { Overflow } from 'rx-event-broker';
import { bytesOfAll, isSized, numbers, type Sent } from './World.js';

export interface ModelGap {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

interface Waiting {
  readonly events: readonly Sent[];
  gap: ModelGap | undefined;
}

export interface Fitted {
  taken: boolean;
  dropped: number;
  /** The gaps that it opened. */
  opened: readonly ModelGap[];
}

/** What waits before a subscriber, each with the gap before it. */
export class ModelQueue {
  #waiting: Waiting[] = [];
  #endGap: ModelGap | undefined;
  readonly #most: number | undefined;
  readonly #isSized: boolean;

  /** With `most`, events wait one by one, and up to that many are delivered together. */
  constructor(most: number | undefined, isSized: boolean) {
    this.#most = most;
    this.#isSized = isSized;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  get events(): readonly Sent[] {
    return this.#waiting.flatMap(({ events }) => events);
  }

  get bytes(): number {
    return this.#waiting.reduce((sum, { events }) => sum + bytesOfAll(events), 0);
  }

  push(events: readonly Sent[]): void {
    for (const together of this.#most === undefined ? [events] : events.map(event => [event])) {
      this.#waiting.push({ events: together, gap: this.#endGap });
      this.#endGap = undefined;
    }
  }

  /** Accepts what fits. What comes while the subscriber is idle does, or the first of it, if events wait one by one. */
  fit(events: readonly Sent[], bound: number, bytes: number, overflow: Overflow, idle: boolean): Fitted {
    const parts = this.#most === undefined ? [events] : events.map(event => [event]);
    const all: Fitted = { taken: idle, dropped: 0, opened: [] };
    if (idle) this.push(parts.shift() ?? []);
    for (const part of parts) {
      const { taken, dropped, opened } = this.#fit(part, bound, bytes, overflow);
      all.taken ||= taken;
      all.dropped += dropped;
      all.opened = [...all.opened, ...opened];
    }
    return all;
  }

  /** Accepts what fits, and drops older ones if it may. Returns what was dropped, and the gap that opened. */
  #fit(events: readonly Sent[], bound: number, bytes: number, overflow: Overflow): Fitted {
    const fits = (isAlone = false): boolean => {
      if ((isAlone ? 0 : this.events.length) + events.length > bound) return false;
      return bytes === Infinity || (isAlone ? 0 : this.bytes) + bytesOfAll(events) <= bytes;
    };
    if (!fits(true) || (overflow === 'dropNewest' && !fits())) {
      const opens = this.#endGap === undefined;
      this.#endGap = joined(this.#endGap, gapOf(events));
      return { taken: false, dropped: events.length, opened: opens ? [gapOf(events)] : [] };
    }
    let opens = false;
    let dropped = 0;
    while (!fits()) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) break;
      dropped += oldest.events.length;
      const next = this.#waiting[0];
      const behind = next === undefined ? this.#endGap : next.gap;
      if (oldest.gap === undefined && behind === undefined) opens = true;
      const gap = joined(joined(oldest.gap, gapOf(oldest.events)), behind);
      if (next === undefined) this.#endGap = gap;
      else next.gap = gap;
    }
    this.push(events);
    return { taken: true, dropped, opened: opens ? [this.#waiting[0]!.gap!] : [] };
  }

  /** The gap before the first, taken out. */
  takeGap(): ModelGap | undefined {
    const first = this.#waiting[0];
    const gap = first?.gap;
    if (first !== undefined) first.gap = undefined;
    return gap;
  }

  shift(): readonly Sent[] {
    return this.#waiting.splice(0, this.#together()).flatMap(({ events }) => events);
  }

  /** Empties it: the gaps that were open. */
  clear(): readonly ModelGap[] {
    const gaps = [...this.#waiting.map(({ gap }) => gap), this.#endGap].filter(gap => gap !== undefined);
    this.#waiting = [];
    this.#endGap = undefined;
    return gaps;
  }

  /** How many are the next delivery: as many as it may have, up to a gap, and without one that fails without a try. */
  #together(): number {
    const ends = this.#waiting.findIndex(({ events, gap }, index) => {
      const before = this.#waiting[index - 1]?.events;
      return before !== undefined && (gap !== undefined || this.#fails(events) || this.#fails(before));
    });
    return Math.min(this.#most ?? 1, ends < 0 ? this.#waiting.length : ends);
  }

  #fails(events: readonly Sent[]): boolean {
    return this.#isSized && !isSized(events);
  }

  state(): unknown {
    return [this.#waiting.map(({ events, gap }) => [numbers(events), gap]), this.#endGap];
  }
}

export const gapOf = (events: readonly Sent[]): ModelGap => ({
  count: events.length,
  first: events[0]?.n ?? 0,
  last: events.at(-1)?.n ?? 0,
});

export const joined = (a: ModelGap | undefined, b: ModelGap | undefined): ModelGap | undefined =>
  a && b ? { count: a.count + b.count, first: a.first, last: b.last } : (a ?? b);
