import type { InspectRecord, RecordedSettings } from '../../inspect/InspectRecord.js';
import { Points } from './Points.js';
import { Spans, type Outcome } from './Spans.js';
import { Steps } from './Steps.js';

/** A delivery in flight. */
export interface InFlight {
  readonly start: number;
  readonly record: InspectRecord;
  readonly slot: number;
}

/** What a lane shows: the events of a source, its pause, or a subscriber. */
export type LaneKind = 'source' | 'pause' | 'subscriber';

/** The largest number of deliveries in flight in a lane. */
const MOST_IN_FLIGHT = 1000;

/**
 * One row of the timeline.
 *
 *     source       emitted            points
 *     pause        spans              paused
 *     subscriber   spans, inFlight    deliveries that have ended, and deliveries in flight
 *                  steps              the backlog
 *                  marks, gaps        losses, failures, retries and stalls; runs of losses
 *                  holds              the times in which it was held
 *
 * Invariant: no more deliveries are in flight than the backlog and the concurrency allow.
 */
export class Lane {
  readonly spans = new Spans();
  /** By the number of the event, from 1. Events without a number get -1, -2, … */
  readonly inFlight = new Map<number, InFlight>();
  readonly steps = new Steps();
  readonly marks = new Points();
  readonly emitted = new Points();
  readonly gaps = new Spans();
  readonly holds = new Spans();
  /** How many rows the deliveries need. */
  slots = 1;
  settings: RecordedSettings | undefined;
  isGapOpen = false;
  /** The present hold or pause. `undefined` if there is none. */
  heldBy: InFlight | undefined;
  /** The lane of the pause that holds the subscriber, if that is known. */
  heldFor: Lane | undefined;
  saturatedSince: number | undefined;
  stalledBy: InspectRecord | undefined;
  closedAt: number | undefined;
  #unnumbered = 0;

  constructor(
    readonly kind: LaneKind,
    readonly broker: string,
    readonly name: string,
  ) {}

  /** How many entries the lane has. */
  get size(): number {
    return this.spans.length + this.marks.length + this.emitted.length + this.gaps.length + this.holds.length;
  }

  begin(at: number, record: InspectRecord): void {
    this.stalledBy = undefined;
    this.isGapOpen = false;
    const known = this.#keyOf(record);
    const isNew = record.event === undefined && record.attempt === undefined && this.kind !== 'pause';
    if (known !== undefined && !isNew) return; // another try of the same delivery
    this.#limit(at, Math.max(1, Math.min(this.#concurrency, record.backlog ?? Infinity)) - 1);
    const slot = this.#freeSlot();
    this.slots = Math.max(this.slots, slot + 1);
    this.inFlight.set(record.event ?? --this.#unnumbered, { start: at, record, slot });
  }

  end(at: number, record: InspectRecord, outcome: Outcome): void {
    this.stalledBy = undefined;
    const key = this.#keyOf(record);
    const known = key === undefined ? undefined : this.inFlight.get(key);
    const { start, record: began, slot } = known ?? { start: at, record, slot: 0 };
    if (key !== undefined) this.inFlight.delete(key);
    this.spans.push(start, at, began, slot, outcome);
  }

  setBacklog(at: number, backlog: number): void {
    this.steps.push(at, backlog);
    this.#limit(at, backlog);
  }

  lose(at: number, record: InspectRecord): void {
    if (this.isGapOpen) this.gaps.extendLast(at);
    else this.gaps.push(at, at, record);
    this.isGapOpen = true;
  }

  hold(at: number, record: InspectRecord, pause?: Lane): void {
    this.heldBy ??= { start: at, record, slot: 0 };
    this.heldFor = pause;
  }

  release(at: number): void {
    if (this.heldBy !== undefined) this.holds.push(this.heldBy.start, at, this.heldBy.record);
    this.heldBy = undefined;
    this.heldFor = undefined;
  }

  close(at: number): void {
    this.#limit(at, 0);
    this.release(at);
    this.stalledBy = undefined;
    this.saturatedSince = undefined;
    this.closedAt = at;
  }

  /** Drops entries that ended earlier. Entries that have not ended stay. */
  dropBefore(at: number): void {
    for (const part of [this.spans, this.marks, this.emitted, this.gaps, this.holds, this.steps]) part.dropBefore(at);
    if (this.gaps.length === 0) this.isGapOpen = false;
  }

  /** The oldest delivery in flight. */
  get oldest(): InFlight | undefined {
    return this.inFlight.values().next().value;
  }

  /** The key of a delivery in flight. For events without a number, that of the oldest one. */
  #keyOf({ event }: InspectRecord): number | undefined {
    if (event !== undefined) return this.inFlight.has(event) ? event : undefined;
    for (const key of this.inFlight.keys()) if (key < 0) return key;
    return undefined;
  }

  get #concurrency(): number {
    return this.settings === undefined ? MOST_IN_FLIGHT : Math.min(this.settings.concurrency ?? 1, MOST_IN_FLIGHT);
  }

  /** If more than `most` deliveries are in flight, ends the oldest ones. The records of their ends were lost. */
  #limit(at: number, most: number): void {
    for (const [event, { start, record, slot }] of this.inFlight) {
      if (this.inFlight.size <= most) return;
      this.inFlight.delete(event);
      this.spans.push(start, at, record, slot, 'unknown');
    }
  }

  #freeSlot(): number {
    const taken = new Set([...this.inFlight.values()].map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) slot++;
    return slot;
  }
}
