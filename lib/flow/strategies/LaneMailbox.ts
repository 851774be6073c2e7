import type { Who } from '../contract/Notice.js';
import type { Tally } from '../contract/Tally.js';
import type { MailboxEngine } from '../mailbox/MailboxEngine.js';
import type { MailboxOwner } from '../mailbox/MailboxOwner.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import type { Watched } from '../mailbox/mailboxWatch.js';
import type { Outcome } from '../mailbox/Outcome.js';
import { WaitReport } from '../mailbox/WaitReport.js';
import { RingBuffer } from '../RingBuffer.js';
import { LaneCount } from './LaneCount.js';
import { LaneOrder } from './LaneOrder.js';
import { LaneQueue, type Entry } from './LaneQueue.js';
import type { LaneSettings } from './LaneSettings.js';
import { LaneSlots, type LaneSlot } from './LaneSlots.js';

/**
 * A mailbox with several deliveries in flight, but at most one of each key.
 *
 *     offer ──► waiting, by key ──► not held, a slot is free, not too far ahead ──► in flight ──► finished, in any order
 *                                                                       settled: the finished ones before the first unfinished
 *
 * Every method changes the state, then calls `#advance`, which alone starts and ends deliveries. MB2, MB3, MB5 and MB7 of
 * `Mailbox` hold.
 *
 * LM1  At most `concurrency` deliveries are in flight. Those of one key begin in order, one at a time.
 * LM2  The next to begin is the oldest waiting unit whose key is free.
 * LM3  Between two calls, no unit waits that may begin.
 * LM4  While `maxAhead` events have finished ahead of the oldest unfinished unit, only that unit may begin.
 */
export class LaneMailbox<U, E> implements MailboxEngine<U>, Watched {
  /** Called after each move: specs check the invariants there. */
  static moved: ((mailbox: LaneMailbox<unknown, unknown>) => void) | undefined;

  readonly who: Who;
  readonly concurrency: number;
  held = false;
  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #lanes: LaneSettings<U>;
  readonly #count: LaneCount<U, E>;
  readonly #order: LaneOrder<U, E>;
  readonly #waiting = new LaneQueue<U>();
  readonly #slots: LaneSlots<U, E>;
  readonly #touched = new RingBuffer<LaneSlot<U, E>>();
  readonly #stalls: WaitReport<Watched>;
  #state: 'open' | 'last' | 'ending' | 'closing' | 'closed' = 'open';
  #isAdvancing = false;
  #places = 0;
  #unfinished: U[] = [];

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>, lanes: LaneSettings<U>) {
    this.who = owner.who;
    this.concurrency = lanes.concurrency;
    this.#owner = owner;
    this.#settings = settings;
    this.#lanes = lanes;
    this.#count = new LaneCount(owner, settings);
    this.#order = new LaneOrder(settings.measure);
    this.#slots = new LaneSlots(owner, settings, {
      failed: (slot, error) => this.#settle(slot, 'failed', error),
      touched: slot => {
        this.#touch(slot);
        this.#advance();
      },
    });
    this.#stalls = new WaitReport<Watched>(settings.watch, settings.stallAfter, this);
  }

  get offered(): number {
    return this.#count.offered;
  }

  get pending(): number {
    return this.#count.pending;
  }

  get settled(): number {
    return this.#order.settled;
  }

  get ahead(): number {
    return this.#order.ahead;
  }

  get inFlight(): number {
    return this.#slots.used;
  }

  get saturated(): boolean {
    return this.#count.saturated;
  }

  get closed(): boolean {
    return this.#state === 'closed' || this.#state === 'closing';
  }

  get mayBegin(): boolean {
    const { next } = this.#waiting;
    if (next === undefined || this.held || this.closed || this.inFlight >= this.concurrency) return false;
    return this.ahead < this.#lanes.maxAhead || next === this.#order.oldest;
  }

  get steps(): number {
    return this.#order.steps;
  }

  get front(): E | undefined {
    return this.#order.front;
  }

  get behind(): number {
    return this.pending - (this.#order.oldest?.events ?? 0);
  }

  get #isTaking(): boolean {
    return this.#state === 'open' || this.#state === 'last';
  }

  tally(): Tally {
    return this.#count.tally();
  }

  offer(unit: U, isLast = false): void {
    if (!this.#isTaking) return;
    const { key, size } = this.#lanes.note(unit);
    // the user's key function may have closed the mailbox
    if (!this.#isTaking) return;
    if (isLast) this.#state = 'ending';
    const events = this.#settings.measure.weigh(unit);
    this.#count.offer(unit, events, size);
    const lane = this.#waiting.laneOf(key);
    const entry: Entry<U> = { unit, events, size, place: this.#places++, lane, next: undefined, state: 'waiting' };
    this.#order.add(entry);
    this.#waiting.add(entry);
    this.#relevel();
    this.#advance();
  }

  hold(held: boolean): void {
    this.held = held;
    this.#advance();
  }

  release(): void {
    this.hold(false);
  }

  end(isToCome = false): void {
    if (!this.#isTaking) return;
    this.#state = isToCome ? 'last' : 'ending';
    this.#relevel();
    this.#advance();
  }

  close(): void {
    if (this.closed) return;
    const { cut, isCalling } = this.#slots.cancel();
    this.#state = isCalling ? 'closing' : 'closed';
    this.#waiting.clear();
    const gap = this.#order.dropWaiting(entry => this.#count.drop(entry));
    const units = cut.map(({ entry }) => entry!.unit as U);
    this.#unfinished.push(...units);
    for (const slot of cut) this.#finish(slot, 'cut');
    this.#relevel();
    this.#slots.release();
    if (gap !== undefined) this.#owner.notify({ type: 'Dropped', subscriber: this.who, open: false, ...gap });
    cut.forEach(({ inHand }, i) => inHand.stages?.report(this.#settings.measure.events(units[i] as U), false));
    if (!isCalling) this.#finallyClosed();
  }

  #finallyClosed(): void {
    this.#state = 'closed';
    this.#stalls.end();
    this.#slots.end();
    this.#owner.progressed();
    this.#owner.closed(this.#unfinished.splice(0).flatMap(unit => this.#settings.measure.events(unit)));
  }

  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#move());
    this.#isAdvancing = false;
    this.#stalls.update(this.pending > 0);
    if (this.#state === 'ending' && this.inFlight === 0 && this.pending === 0) this.close();
    LaneMailbox.moved?.(this as unknown as LaneMailbox<unknown, unknown>);
  }

  #move(): boolean {
    const slot = this.#touched.shift();
    if (slot !== undefined) this.#step(slot);
    else if (this.mayBegin) this.#begin();
    else return false;
    return true;
  }

  #begin(): void {
    const entry = this.#waiting.take();
    this.#order.begin(entry);
    this.#touch(this.#slots.take(entry));
  }

  #touch(slot: LaneSlot<U, E>): void {
    if (slot.isTouched) return;
    slot.isTouched = true;
    this.#touched.push(slot);
  }

  #step(slot: LaneSlot<U, E>): void {
    const { inHand } = slot;
    slot.isTouched = false;
    if (inHand.phase === 'ready') {
      inHand.try();
      if (inHand.phase === 'ready' || inHand.phase === 'ended') this.#touch(slot);
    } else if (inHand.phase === 'ended') this.#end(slot);
    slot.limit?.update(inHand.phase === 'working');
  }

  #end(slot: LaneSlot<U, E>): void {
    const { inHand, entry } = slot;
    if (inHand.outcome !== undefined) this.#settle(slot, inHand.outcome, inHand.error);
    this.#waiting.release(entry!.lane);
    this.#slots.free(slot);
    this.#owner.progressed();
    if (this.#state === 'closing') this.#finallyClosed();
  }

  /** Counts the delivery of a slot. The teardown of its work may not have run yet. */
  #settle(slot: LaneSlot<U, E>, outcome: Outcome, error: unknown): void {
    const unit = slot.entry!.unit as U;
    this.#finish(slot, outcome, error);
    if (outcome === 'failed') this.#owner.failed(this.#settings.measure.events(unit), error, slot.inHand.tries);
    else if (outcome !== 'delivered')
      slot.inHand.stages?.report(this.#settings.measure.events(unit), outcome !== 'cut');
    if (outcome === 'cut') this.#unfinished.push(unit);
    this.#relevel();
  }

  #finish({ inHand, entry }: LaneSlot<U, E>, outcome: Outcome, error?: unknown): void {
    this.#count.finish(entry!, outcome, error);
    inHand.unit = undefined;
    inHand.events = 0;
    this.#order.finish(entry!);
  }

  #relevel(): void {
    this.#count.relevel(this.#state === 'open');
  }
}
