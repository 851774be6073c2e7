import type { ModelLanes } from './ModelLanes.js';
import type { ModelParks } from './ModelParking.js';
import { ModelKeyedQueue } from './ModelKeyedQueue.js';
import { ModelQueue, type ModelGap } from './ModelQueue.js';
import {
  bytesOfAll,
  isSized,
  keyOf,
  numbers,
  type Answers,
  type Handle,
  type Member,
  type Outcome,
  type Row,
  type Sent,
  type Tears,
} from './World.js';

/** The broker around it. */
export interface ModelHost {
  readonly log: string[];
  /** What a run has met, to be counted. */
  readonly met: Set<string>;
  readonly handle: Handle;
  /** Calls what takes failures. */
  readonly take: Answers;
  /** The teardown of work runs. */
  readonly tears: Tears;
  readonly parking: ModelParks;
  readonly note: (key: number, notice: string) => void;
  /** Whether the notices have an observer. */
  readonly observed: () => boolean;
  /** Whether somebody would hear of a failure that stops the broker. Only the first one is told. */
  readonly hears: () => boolean;
  /** Writes an error to the console. */
  readonly write: (what: string) => void;
  /** A delivery that must not fail has failed for good. */
  readonly stop: () => void;
  /** The same, before it is counted: nothing more is settled. */
  readonly freeze: () => void;
  /** Nothing of it is left. */
  readonly left: (member: ModelMember | ModelLanes) => void;
  /** Calls when everything that was sent has reached everybody. */
  readonly later: (then: () => void) => void;
  /** Calls when nothing of the program runs, as Promises do. */
  readonly microtask: (then: () => void) => void;
  /** It is full now, or no longer. */
  readonly leveled?: () => void;
}

/** A subscriber and its mailbox: what waits, what is in flight, and the outcome of the rest. */
export class ModelMember {
  readonly id: number;
  readonly key: number;
  readonly of: Member;
  readonly #host: ModelHost;
  state: 'open' | 'draining' | 'closed' = 'open';
  /** It has subscribed late, and its replay has not begun: it is in no route. */
  isLate = false;
  /** Its `subscribe` has returned. */
  isReturned = false;
  /** What it is offered is replayed. */
  isReplaying = false;
  skipping = false;
  held = false;
  saturated = false;
  /** Events of the batch that runs. */
  gathered: Sent[] = [];
  /** It has returned work before, or may hold: it keeps what it cannot begin. */
  keeps: boolean;
  /** What was replayed to an optional one waits here, before the queue that has the bounds. */
  #replayed: (readonly Sent[])[] = [];
  readonly #queue: ModelQueue | ModelKeyedQueue;
  #inHand: readonly Sent[] | undefined;
  /** Attempts of the delivery in flight. */
  #tries = 0;
  /** Its handler is on the stack. */
  #starting = false;
  #looping = false;
  /** The delivery in flight is work whose teardown throws. */
  #torn = false;
  /** Its teardown runs. Nothing begins, and there is nothing to cut off. */
  #tearing = false;
  /** The Promise of this delivery is settled. It hears of that in a microtask. */
  #settling: readonly Sent[] | undefined;
  /** Of a thenable or a Promise that was left: it cannot be cut off, so it ends some time. */
  #late: readonly Sent[] | undefined;
  /** One of its failures is on the console. */
  #written = false;
  #gone = false;
  #isFrozen = false;
  /** What has ended, or was dropped, but is not settled before its call has returned and its work is left. */
  #unsettled: readonly Sent[] = [];
  #offered = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #skipped = 0;

  constructor(host: ModelHost, id: number, key: number, of: Member) {
    this.#host = host;
    this.id = id;
    this.key = key;
    this.of = of;
    const most = of.batch && of.gather !== undefined ? Math.min(of.gather, of.bound) : undefined;
    const isSized = of.bytes !== undefined;
    this.#queue = isKeyed(of)
      ? new ModelKeyedQueue(of.batch ? (most ?? Infinity) : 1, isSized)
      : new ModelQueue(most, isSized);
    this.keeps = of.holds || isSized || isKeyed(of) || most !== undefined;
  }

  get pending(): number {
    return this.#waiting.length + (this.#inHand?.length ?? 0);
  }

  get #waiting(): readonly Sent[] {
    return [...this.#replayed.flat(), ...this.#queue.events];
  }

  /** What was in hand was cut off. */
  get #isLeft(): boolean {
    return this.#inHand === undefined;
  }

  /** Work of it is waited for. */
  get works(): boolean {
    return this.#inHand !== undefined && !this.#starting && !this.#tearing && this.#settling === undefined;
  }

  get row(): Row {
    const { id, key, saturated, pending } = this;
    const tally = [this.#offered, this.#delivered, this.#failed, this.#dropped, this.#skipped, pending] as const;
    return { id, key, saturated, tally };
  }

  /** What waits and what is in hand. */
  inMailbox(): readonly Sent[] {
    return [...(this.#inHand ?? []), ...this.#waiting, ...this.#unsettled];
  }

  asks(event: Sent): boolean {
    return this.of.types === undefined || this.of.types.includes(event.type);
  }

  offer(events: readonly Sent[]): void {
    const idle = !this.#inHand && !this.#tearing && this.#waiting.length === 0 && !this.held;
    this.#offered += events.length;
    if (this.#queue instanceof ModelQueue && this.of.required) this.#queue.push(events);
    else if (this.isReplaying) this.#replayed.push(...this.#parted(events));
    else if (!this.#fit(events, idle)) return;
    this.#level();
    this.loop();
  }

  skip(): void {
    this.#offered++;
    this.#skipped++;
    this.#host.met.add('skip');
  }

  /** What the broker had taken for it, and does not hand over any more. */
  refuse(events: readonly Sent[]): void {
    this.#offered += events.length;
    this.#drop(events);
  }

  /** The work that is waited for ends, if there is any. */
  ends(done: boolean): boolean {
    if (this.works) {
      if (this.of.shape === 'promise') this.#settle(done);
      else this.#ended(done);
      return true;
    }
    if (this.#late !== undefined) {
      this.#host.met.add('late');
      this.#log(done ? 'done' : 'failed', this.#late);
      this.#late = undefined;
    }
    return false;
  }

  /** What it wants to go on after is not kept. */
  expired(): void {
    this.#note('Expired');
    if (this.of.since === 'replay') return;
    this.#host.log.push(`${this.key} missed expired`);
    if (this.of.missedThrows === true) this.broken();
  }

  /** Something of it failed that is of no event. */
  broken(): void {
    this.#announce([], 1, false);
  }

  loop(): void {
    if (this.#looping || this.#tearing) return;
    this.#looping = true;
    while (this.state !== 'closed' && !this.#inHand && !this.held && !this.#isFrozen && this.#waiting.length > 0) {
      const replayed = this.#replayed.shift();
      const gap = replayed ? undefined : this.#queue.takeGap();
      if (gap) {
        const isSuperseded = 'superseded' in gap;
        if (!isSuperseded) this.#tellGap('total', gap);
        else this.#host.met.add('superseded');
        this.#host.log.push(`${this.key} missed ${gap.count}`);
        if (this.of.missedThrows === true) {
          this.#host.met.add('missed throws');
          this.broken();
        }
      } else {
        this.#inHand = replayed ?? this.#queue.shift();
        if (this.#inHand.length > 1 && this.of.gather !== undefined) this.#host.met.add('gathered');
        this.#tries = 0;
        if (replayed || this.#isKnown(this.#inHand)) this.#try(this.#inHand);
        else {
          this.#host.met.add(isSized(this.#inHand) ? 'no key' : 'no size');
          this.#finish(this.#inHand, false);
        }
      }
    }
    this.#looping = false;
    if (this.state === 'draining' && !this.gathered.length && this.pending === 0) this.#finallyClose();
  }

  close(drains: boolean): void {
    this.state = drains ? 'draining' : 'closed';
    if (!drains) this.#finallyClose();
    else if (this.gathered.length === 0) this.concludeDrain();
    else this.#level();
  }

  /** The broker closes: nothing begins any more. */
  freeze(): void {
    this.#isFrozen = true;
  }

  concludeDrain(): void {
    this.held = false;
    this.#level();
    this.loop();
  }

  /** What decides how it goes on, and nothing else. */
  futures(): unknown {
    const { state, held, skipping, saturated, keeps } = this;
    const inHand = this.#inHand && [numbers(this.#inHand), this.#tries];
    const replayed = this.#replayed.map(numbers);
    return [state, held, skipping, saturated, keeps, inHand, replayed, this.#queue.state(), this.#late?.length];
  }

  /** Whether its sizes and keys are known. */
  #isKnown(events: readonly Sent[]): boolean {
    if (isKeyed(this.of) && events.some(event => keyOf(event) === undefined)) return false;
    return this.of.bytes === undefined || isSized(events);
  }

  /** As much as one delivery may have. */
  #parted(events: readonly Sent[]): (readonly Sent[])[] {
    const most = this.of.gather === undefined ? Infinity : Math.min(this.of.gather, this.of.bound);
    const parts: (readonly Sent[])[] = [];
    for (let from = 0; from < events.length; from += most) parts.push(events.slice(from, from + most));
    return parts;
  }

  #fit(events: readonly Sent[], idle: boolean): boolean {
    const { bound, bytes = Infinity } = this.of;
    const { taken, dropped, opened } =
      this.#queue instanceof ModelQueue
        ? this.#queue.fit(events, bound, bytes, this.of.overflow === 'dropOldest' ? 'dropOldest' : 'dropNewest', idle)
        : this.#queue.fit(events, bound, bytes, idle);
    this.#dropped += dropped;
    if (dropped > 0) this.#host.met.add('drop');
    for (const gap of opened) this.#tellGap('open', gap);
    return taken;
  }

  #try(events: readonly Sent[]): void {
    this.#tries++;
    this.#starting = true;
    const outcome = this.#host.handle(this.key, events, this.of.mode);
    this.#starting = false;
    const throws = outcome === 'throw' || outcome === 'getterThrows';
    const isWork = outcome !== 'done' && !throws;
    const thenable = outcome === 'thenThrows' || (isWork && isHot(this.of));
    const hot = outcome === 'later' && this.of.shape === 'promise' ? 'promise' : 'thenable';
    if (throws || isWork) this.#host.met.add(thenable ? hot : outcome);
    if (outcome === 'thenThrows') this.#host.met.add(outcome);
    if (this.state === 'closed' && isWork) {
      // closed inside its own call: the work that it leaves is not begun
      if (thenable) this.#leaveBehind(outcome, events);
      this.#inHand = undefined;
      this.#failed += events.length;
      this.#leave(events, true);
      return;
    }
    if (this.state !== 'closed' && (isWork || (throws && this.of.retry !== undefined))) {
      this.keeps = true;
      this.#level();
    }
    this.#torn = isWork && !thenable && this.of.shape === 'torn';
    if (outcome !== 'later') this.#ended(outcome === 'done' || outcome === 'instant');
  }

  /** Listens to an abandoned thenable, so that its rejection does not end the process. */
  #leaveBehind(outcome: Outcome, events: readonly Sent[]): void {
    if (outcome === 'later') this.#late = events;
    else this.#log(outcome === 'instant' ? 'done' : 'failed', events);
  }

  /** The work of a try was left. The error of its teardown changes nothing about how the try went. */
  #tear(): void {
    if (!this.#torn) return;
    this.#torn = false;
    this.#host.met.add('torn');
    this.#tearing = true;
    this.#host.tears(this.key);
    this.#tearing = false;
    if (this.#gone) this.#host.write('teardown');
    else this.broken();
  }

  #settle(done: boolean): void {
    const settling = this.#inHand ?? [];
    this.#log(done ? 'done' : 'failed', settling);
    this.#settling = settling;
    this.#host.microtask(() => {
      // it was cut off before
      if (this.#settling !== settling) return;
      this.#settling = undefined;
      this.#answered(done, settling);
    });
  }

  /** An attempt of the delivery in flight has ended. */
  #ended(done: boolean): void {
    const events = this.#inHand ?? [];
    this.#log(done ? 'done' : 'failed', events);
    this.#answered(done, events);
  }

  #answered(done: boolean, events: readonly Sent[]): void {
    if (!done && this.state !== 'closed' && this.#tries <= (this.of.retry ?? 0)) {
      this.#host.met.add('retry');
      this.#tear();
      if (!this.#isLeft) this.#try(events);
    } else this.#finish(events, done);
  }

  #finish(events: readonly Sent[], done: boolean): void {
    if (done) this.#tear();
    if (this.#isLeft) return;
    if (!done && this.of.required && this.of.onFailure === 'stop') this.#host.freeze();
    this.#inHand = undefined;
    this.#unsettled = events;
    if (done) this.#delivered += events.length;
    else {
      this.#failed += events.length;
      this.#host.met.add('failure');
      const stops = this.of.required && this.of.onFailure === 'stop';
      this.#announce(events, this.#tries, stops && this.#host.hears());
      if (stops) this.#host.stop();
    }
    this.#level();
    this.#tear();
    this.#unsettled = [];
    if (this.state === 'closed') this.#leave([], true);
    else this.loop();
  }

  #level(): void {
    const { pending } = this;
    const { bytes: most = Infinity } = this.of;
    const bytes = most === Infinity ? 0 : this.#queue.bytes + bytesOfAll(this.#inHand ?? []);
    const isFull = this.saturated
      ? pending > Math.floor(this.of.bound / 2) || bytes > most / 2
      : pending >= this.of.bound || bytes >= most;
    // one that works within the call keeps nothing, and is never full
    const saturated = this.of.required && this.keeps && this.state === 'open' && isFull;
    if (saturated === this.saturated) return;
    this.saturated = saturated;
    if (saturated) this.#host.met.add(pending < this.of.bound ? 'full of bytes' : 'saturation');
    this.#note(`${saturated ? 'Saturated' : 'Clear'} ${pending}`);
  }

  #finallyClose(): void {
    this.state = 'closed';
    const { gathered } = this;
    this.gathered = [];
    this.refuse(gathered);
    const left = this.#waiting;
    const gaps = this.#queue.clear();
    this.#replayed = [];
    // from inside its own call, it ends as that ends
    const returns = this.#starting;
    const unfinished = returns ? [] : (this.#inHand ?? []);
    this.#unsettled = [...this.#unsettled, ...unfinished, ...left];
    const cut = this.works;
    if (!returns) {
      this.#failed += unfinished.length;
      if (cut) {
        if (isHot(this.of)) this.#late = unfinished;
        else this.#log('cut', unfinished);
      }
      this.#inHand = undefined;
      this.#settling = undefined;
    }
    this.#level();
    if (cut) this.#tear();
    for (const gap of gaps) this.#tellGap('total', gap);
    this.#drop(left);
    if (!returns) this.#leave(unfinished);
  }

  #leave(unfinished: readonly Sent[], isCalled = false): void {
    this.#unsettled = [];
    if (this.#gone) return;
    this.#gone = true;
    const end = (): void => {
      this.#host.left(this);
      this.#note(`Closed ${this.row.tally.join(' ')} unfinished ${numbers(unfinished)}`);
    };
    // a call of its own that is on the stack is looked at when the dispatch is over
    if (isCalled && !this.keeps) this.#host.later(end);
    else end();
  }

  #drop(events: readonly Sent[]): void {
    if (events.length === 0) return;
    this.#dropped += events.length;
    this.#note(`Dropped closed ${events.length} ${String(events[0]?.n)}..${String(events.at(-1)?.n)}`);
  }

  #tellGap(what: 'open' | 'total', { count, first, last }: ModelGap): void {
    this.#note(`Dropped ${what} ${count} ${first}..${last}`);
  }

  #announce(events: readonly Sent[], tries: number, heard: boolean): void {
    const observed = this.#host.observed();
    this.#note(`Failed ${numbers(events)} after ${tries}`);
    if (observed || heard || this.#written) return;
    this.#written = true;
    this.#host.write('failed');
  }

  #log(what: 'done' | 'failed' | 'cut', events: readonly Sent[]): void {
    this.#host.log.push(`${this.key} ${what} ${numbers(events)}`);
  }

  #note(notice: string): void {
    this.#host.note(this.key, notice);
  }
}

/** Its work has begun when it is returned, and cannot be cut off. */
const isHot = ({ shape }: Member): boolean => shape === 'thenable' || shape === 'promise';

const isKeyed = ({ required, overflow }: Member): boolean => !required && overflow === 'keepLatest';
