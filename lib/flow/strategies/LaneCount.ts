import type { Tally } from '../contract/Tally.js';
import { Watermark } from '../level/Watermark.js';
import type { MailboxOwner } from '../mailbox/MailboxOwner.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import { bytesIn, type Size } from '../mailbox/Size.js';
import type { Outcome } from '../mailbox/Outcome.js';
import type { Entry } from './LaneQueue.js';

/** The counts of a mailbox with lanes, and whether it is saturated. */
export class LaneCount<U, E> {
  offered = 0;
  pending = 0;
  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #mark: Watermark;
  #bytes = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>) {
    this.#owner = owner;
    this.#settings = settings;
    this.#mark = new Watermark(settings.highWaterMark, settings.highWaterMarkBytes);
  }

  get saturated(): boolean {
    return this.#mark.reached;
  }

  tally(): Tally {
    const { offered, pending } = this;
    const [delivered, failed, dropped] = [this.#delivered, this.#failed, this.#dropped];
    return { offered, delivered, failed, dropped, skipped: 0, pending };
  }

  offer(unit: U, events: number, size: Size): void {
    this.offered += events;
    this.pending += events;
    this.#bytes += bytesIn(size);
    this.#owner.accepted?.(events);
    this.#owner.tap?.offered(unit);
  }

  finish({ unit, events, size }: Entry<U>, outcome: Outcome, error: unknown): void {
    if (outcome === 'delivered') this.#delivered += events;
    else this.#failed += events;
    this.pending -= events;
    // sizes may be fractions: rounding errors of the sum end when nothing is pending
    this.#bytes = this.pending === 0 ? 0 : this.#bytes - bytesIn(size);
    if (events > 0) this.#owner.tap?.ended(unit as U, outcome, error);
  }

  drop({ unit, events }: Entry<U>): void {
    this.#dropped += events;
    this.pending -= events;
    this.#owner.tap?.dropped(this.#settings.measure.events(unit as U), 'closed', false);
  }

  /** Reports whether it is saturated, if that has changed. A mailbox that accepts nothing more is not saturated. */
  relevel(isOpen: boolean): void {
    const { pending } = this;
    if (!(isOpen ? this.#mark.update(pending, this.#bytes) : this.#mark.clear())) return;
    const { reached } = this.#mark;
    this.#owner.notify({ type: reached ? 'Saturated' : 'Clear', subscriber: this.#owner.who, pending });
    this.#owner.saturated(reached);
  }
}
