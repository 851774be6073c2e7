import { InHand } from '../mailbox/InHand.js';
import type { MailboxOwner } from '../mailbox/MailboxOwner.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import { limitWatch, type LimitedSlot } from '../mailbox/timeLimit.js';
import type { StallWatch } from '../mailbox/stallWatch.js';
import { WaitReport } from '../mailbox/WaitReport.js';
import type { Entry } from './LaneQueue.js';

/** A slot for one delivery in flight. */
export interface LaneSlot<U, E> {
  readonly inHand: InHand<U, E>;
  readonly limit: WaitReport<LimitedSlot> | undefined;
  entry: Entry<U> | undefined;
  /** Whether it is queued for its next step. */
  isTouched: boolean;
}

/** Gets the events of slots. */
interface SlotOwner<U, E> {
  failed(slot: LaneSlot<U, E>, error: unknown): void;
  touched(slot: LaneSlot<U, E>): void;
}

/** The slots of a mailbox with lanes. They are made on demand, and reused. */
export class LaneSlots<U, E> {
  /** Number of slots with a delivery. */
  used = 0;
  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #slotOwner: SlotOwner<U, E>;
  readonly #all: LaneSlot<U, E>[] = [];
  readonly #free: LaneSlot<U, E>[] = [];
  readonly #watch: StallWatch<LimitedSlot> | undefined;

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>, slotOwner: SlotOwner<U, E>) {
    this.#owner = owner;
    this.#settings = settings;
    this.#slotOwner = slotOwner;
    const { failAfter, scheduler } = settings;
    if (failAfter !== undefined) this.#watch = limitWatch(scheduler, failAfter, owner.who);
  }

  /** Takes an entry into a slot. */
  take(entry: Entry<U>): LaneSlot<U, E> {
    const slot = this.#free.pop() ?? this.#make();
    this.used++;
    slot.entry = entry;
    slot.inHand.take(entry.unit as U, entry.events, entry.size);
    return slot;
  }

  free(slot: LaneSlot<U, E>): void {
    this.used--;
    slot.entry = undefined;
    slot.inHand.free();
    this.#free.push(slot);
  }

  /**
   * Cancels all slots: their results are ignored from now on. `cut`: the deliveries that were not counted yet, in the order
   * in which they were offered. `isCalling`: a handler is on the stack, so its delivery ends when it returns.
   */
  cancel(): { readonly cut: readonly LaneSlot<U, E>[]; readonly isCalling: boolean } {
    const cut: LaneSlot<U, E>[] = [];
    let isCalling = false;
    for (const slot of this.#all) {
      const { inHand } = slot;
      const { events } = inHand;
      if (!inHand.cancel()) isCalling = true;
      else if (events > 0) cut.push(slot);
    }
    cut.sort((a, b) => a.entry!.place - b.entry!.place);
    return { cut, isCalling };
  }

  /** Unsubscribes from the work of all deliveries. */
  release(): void {
    for (const { inHand } of this.#all) inHand.release();
  }

  end(): void {
    for (const { limit } of this.#all) limit?.end();
  }

  #make(): LaneSlot<U, E> {
    const inHand = new InHand<U, E>(this.#settings, this.#owner, {
      failed: error => this.#slotOwner.failed(slot, error),
      advance: () => this.#slotOwner.touched(slot),
    });
    const limit = this.#watch && new WaitReport(this.#watch, this.#settings.failAfter!, inHand);
    const slot: LaneSlot<U, E> = { inHand, limit, entry: undefined, isTouched: false };
    this.#all.push(slot);
    return slot;
  }
}
