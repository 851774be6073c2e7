import type { Who } from '../contract/Notice.js';
import type { Tally } from '../contract/Tally.js';
import { Backlog } from './Backlog.js';
import { InHand } from './InHand.js';
import type { MailboxEngine } from './MailboxEngine.js';
import type { MailboxOwner } from './MailboxOwner.js';
import { isDirect, type MailboxSettings } from './MailboxSettings.js';
import type { Watched } from './mailboxWatch.js';
import type { FirstTry, Outcome } from './Outcome.js';
import type { Size } from './Size.js';
import { MailboxWaits } from './MailboxWaits.js';

export type Moved = Pick<Mailbox<unknown, unknown>, 'backlog' | 'pending' | 'held' | 'idle' | 'closed' | 'tally'>;

/**
 * A bounded FIFO queue in front of one consumer, with at most one delivery in hand. It counts the outcome of every event.
 *
 *                      waiting                       in hand
 *     offer ──► [ u₄  gap  u₃  u₂ ] ──► not held ──► u₁ ──► start ──► delivered or failed
 *        └──► dropped                                         └► work: when it has completed
 *
 * Every method changes the state first, and then calls `#advance`. Only it and `#succeeded` start and end deliveries.
 *
 * MB1  At most one delivery is in hand. Units begin in the order in which they were offered.
 * MB2  offered = delivered + failed + dropped + pending, whenever it calls its owner.
 * MB3  pending = waiting + in hand, in events and in bytes.
 * MB4  With a capacity, at most that many events and bytes wait. A larger unit is accepted only if nothing is pending.
 * MB5  Saturated from `highWaterMark` events or `highWaterMarkBytes` bytes on, until half of both. Not after `end` or `close`.
 * MB6  Between two calls, something waits only if the mailbox is held, gathers, or has a delivery in hand.
 * MB7  After `close`, nothing begins, and no delivery is counted twice.
 */
export class Mailbox<U, E> implements MailboxEngine<U> {
  /** Called after each move with what specs check: MB2 to MB7. */
  static moved: ((mailbox: Moved) => void) | undefined;

  readonly who: Who;
  readonly #owner: MailboxOwner<U, E>;
  readonly #settings: MailboxSettings<U, E>;
  readonly #inHand: InHand<U, E>;
  readonly #backlog: Backlog<U, E>;
  readonly #waits: MailboxWaits<U, E>;
  held = false;
  /** From now on no event waits for more to gather. */
  #isFlushed = false;
  /** `last`: accepts one more unit. `closing`: closed inside the call of its own handler, which has not returned. */
  #state: 'open' | 'last' | 'ending' | 'closing' | 'closed' = 'open';
  /** Whether `#advance` is on the stack. */
  #isAdvancing = false;

  constructor(owner: MailboxOwner<U, E>, settings: MailboxSettings<U, E>) {
    this.who = owner.who;
    this.#owner = owner;
    this.#settings = settings;
    this.#inHand = new InHand(settings, owner, {
      failed: error => this.#settle('failed', error),
      advance: () => this.#advance(),
      succeeded: isDirect(settings) ? () => this.#succeeded() : undefined,
    });
    this.#backlog = new Backlog(owner, settings, this.#inHand, () => this.#advance());
    this.#waits = new MailboxWaits(settings, this.#backlog, this.#inHand);
  }

  /** What a `Stalled` notice needs. */
  get backlog(): Watched & Pick<Backlog<U, E>, 'pendingBytes' | 'waitingBytes' | 'capacityBytes' | 'isGathering'> {
    return this.#backlog;
  }

  get pending(): number {
    return this.#backlog.pending;
  }

  get saturated(): boolean {
    return this.#backlog.saturated;
  }

  get idle(): boolean {
    return this.#inHand.phase === 'idle';
  }

  get closed(): boolean {
    return this.#state === 'closed' || this.#state === 'closing';
  }

  get #isTaking(): boolean {
    return this.#state === 'open' || this.#state === 'last';
  }

  get offered(): number {
    return this.#backlog.offered;
  }

  /** Number of events that have ended, with any outcome. Units end in order, so these are the ones offered first. */
  get settled(): number {
    return this.#backlog.offered - this.#backlog.pending;
  }

  tally(): Tally {
    return this.#backlog.tally();
  }

  /** Delivers a unit, queues it, or drops what does not fit. `isLast`: accepts nothing after it. */
  offer(unit: U, isLast = false): void {
    if (!this.#isTaking) return;
    const { bytesOf } = this.#settings;
    const size = bytesOf === undefined ? 0 : bytesOf(unit);
    // the user's `sizeOf` may have closed the mailbox
    if (bytesOf !== undefined && !this.#isTaking) return;
    if (isLast) this.#state = 'ending';
    const backlog = this.#backlog;
    const events = backlog.accept(unit);
    const isFirst = this.idle && backlog.empty;
    if (isFirst && !this.held) {
      // bypasses the queue if the level stays: then nothing has to be reported first
      if (backlog.isPlain && !this.#isAdvancing && !backlog.isAtMark(events, size)) {
        this.#inHand.take(unit, events, size as Size);
        this.#advance();
        return;
      }
      backlog.push(unit, events, size);
    } else if (!backlog.offer(unit, events, size)) return;
    this.#relevel();
    if (this.idle) this.#advance();
  }

  /** Takes over a delivery whose first attempt was made elsewhere. Nothing may be pending. */
  adopt(unit: U, first: FirstTry, isLast: boolean): void {
    if (isLast) this.#state = 'ending';
    this.#inHand.take(unit, this.#backlog.accept(unit, true), 0);
    this.#backlog.steps++;
    this.#isAdvancing = true;
    this.#relevel();
    this.#inHand.continue(first);
    this.#isAdvancing = false;
    this.#advance();
  }

  hold(held: boolean): void {
    this.held = held;
    this.#advance();
  }

  /** Delivers events that are gathering more. */
  flush(): void {
    this.#backlog.flush();
    this.#advance();
  }

  release(): void {
    this.#isFlushed = true;
    this.hold(false);
  }

  /** Accepts nothing more, or one last unit if `isToCome`. Closes when everything pending has ended. */
  end(isToCome = false): void {
    if (!this.#isTaking) return;
    this.#state = isToCome ? 'last' : 'ending';
    this.#relevel();
    this.#advance();
  }

  /** Closes immediately: drops what waits, cuts off the delivery in hand, and counts it as failed (promise B6). */
  close(): void {
    if (this.closed) return;
    const { unit, events } = this.#inHand;
    const isCut = this.#inHand.cancel();
    this.#state = isCut ? 'closed' : 'closing';
    const gaps = this.#backlog.clear();
    if (isCut) this.#backlog.count('cut');
    this.#relevel();
    this.#inHand.release();
    for (const gap of gaps) this.#backlog.announce(gap);
    if (isCut) this.#finallyClosed(events > 0 ? [unit as U] : []);
  }

  #finallyClosed(unfinished: readonly U[]): void {
    this.#state = 'closed';
    this.#waits.end();
    this.#owner.progressed();
    const events = unfinished.flatMap(unit => this.#settings.measure.events(unit));
    if (events.length > 0) this.#inHand.stages?.report(events, false);
    this.#owner.closed(events);
  }

  /** Starts and ends deliveries until one has to be waited for. Closes after the last one. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#move());
    this.#isAdvancing = false;
    this.#waits.update();
    if (this.#state === 'ending' && this.idle && this.#backlog.empty) this.close();
    Mailbox.moved?.(this);
  }

  /** What `#advance` does when a Promise is fulfilled, in one go: the most frequent case of a direct mailbox. */
  #succeeded(): void {
    this.#isAdvancing = true;
    this.#backlog.count('delivered');
    // an end cannot raise the level
    if (this.saturated) this.#relevel();
    this.#inHand.free();
    this.#backlog.steps++;
    this.#owner.progressed();
    if (!this.held) this.#backlog.beginFirst();
    this.#isAdvancing = false;
    if (this.#inHand.phase === 'working') {
      this.#waits.update();
      Mailbox.moved?.(this);
    } else this.#advance();
  }

  /** One step. Returns whether another may follow. Rare cases are functions of their own, so that V8 inlines this one. */
  #move(): boolean {
    const inHand = this.#inHand;
    if (inHand.phase === 'ended') this.#leaveHand();
    if (inHand.phase === 'idle') {
      if (this.held || !this.#backlog.isDue(this.#isFlushed || this.#state !== 'open')) return false;
      this.#backlog.takeNext();
    }
    if (inHand.phase === 'ready') inHand.try();
    return inHand.phase === 'ended' || inHand.phase === 'idle' || inHand.phase === 'ready';
  }

  #leaveHand(): void {
    const { outcome, unit, error } = this.#inHand; // its count clears the unit
    if (outcome !== undefined) this.#settle(outcome, error);
    this.#inHand.free();
    this.#backlog.steps++;
    this.#owner.progressed();
    if (this.#state === 'closing') this.#finallyClosed(outcome === 'cut' ? [unit as U] : []);
  }

  /** Counts the delivery in hand. The teardown of its work may not have run yet. */
  #settle(outcome: Outcome, error: unknown): void {
    if (outcome === 'delivered') this.#backlog.count(outcome);
    else this.#settleFailed(outcome, error);
    this.#relevel();
  }

  #settleFailed(outcome: Outcome, error: unknown): void {
    const { unit, tries } = this.#inHand;
    this.#backlog.count(outcome, error);
    if (outcome === 'failed') this.#owner.failed(this.#settings.measure.events(unit as U), error, tries);
    else if (outcome !== 'cut') this.#inHand.stages!.report(this.#settings.measure.events(unit as U), true);
  }

  #relevel(): void {
    this.#backlog.relevel(this.#state === 'open');
  }
}
