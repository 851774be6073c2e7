import type { ModelHost } from './ModelMember.js';
import type { ModelVerdict } from './ModelParking.js';
import type { Calls } from './Taking.js';
import { bytesOfAll, isSized, keyOf, numbers, type Member, type Row, type Sent } from './World.js';

interface Delivery {
  readonly events: readonly Sent[];
  /** Of the same key, one at a time. */
  readonly lane: unknown;
  /** `tears`: it is counted, but its work is not left. `ends`: it is to be counted. `left`: it was cut off. */
  state: 'waits' | 'ready' | 'called' | 'works' | 'tears' | 'ends' | 'left';
  /** The parking is asked, the handler is called, the failure is taken. */
  stage: 'ask' | 'next' | 'take';
  /** Of the stage. */
  tries: number;
  /** How often its handler was called before it failed for good. */
  failedAfter: number | undefined;
  outcome: 'done' | 'failed' | 'cut' | 'taken' | 'behind' | undefined;
  isCounted: boolean;
  /** Its handler has given work whose teardown throws. */
  torn: boolean;
}

/** Work that is waited for. */
interface Work {
  readonly delivery: Delivery;
  readonly call: Calls | 'next';
}

/**
 * A required subscriber with lanes, or whose failures are parked, or taken by a function; or one that gets again what is parked.
 * A list of what has not been counted, and what is in hand in its slots.
 */
export class ModelLanes {
  readonly id: number;
  readonly key: number;
  readonly of: Member;
  /** It has returned work before, or has a reason to keep what it cannot begin. */
  keeps: boolean;
  /** Its handler gives work even if it is done. */
  givesWork = false;
  readonly #host: ModelHost;
  readonly #isKeyed: boolean;
  state: 'open' | 'draining' | 'closed' = 'open';
  isLate = false;
  isReturned = false;
  isReplaying = false;
  skipping = false;
  held = false;
  saturated = false;
  /** Events of the batch that runs. */
  gathered: Sent[] = [];
  /** What is not counted, in order. */
  #list: Delivery[] = [];
  /** The same, with what was counted after something that is not: a source settles in order. */
  #order: Delivery[] = [];
  /** Counted, but not settled before the next delivery ends: its work is not left. */
  #unsettled: Sent[] = [];
  /** What is in hand. A slot is used again, the last one that became free first. */
  readonly #slots: (Delivery | undefined)[] = [];
  readonly #free: number[] = [];
  /** What is to be moved on, one after the other. */
  readonly #touched: Delivery[] = [];
  /** Work that has begun and not ended, in order. Of what cannot be cut off, also if it was left. */
  #works: Work[] = [];
  #looping = false;
  #written = false;
  #gone = false;
  #isFrozen = false;
  /** What it had when it was closed: it is not settled before its calls have returned, and its work is left. */
  #closing: { readonly events: readonly Sent[]; readonly unfinished: Delivery[] } | undefined;
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
    const parksByKey = of.takes?.by === 'park' && of.takes.isKeyed;
    this.#isKeyed = !of.batch && (of.lanes !== undefined || parksByKey);
    this.keeps = of.takes?.by !== 'function' || of.holds || of.lanes !== undefined || of.bytes !== undefined;
  }

  get pending(): number {
    return this.#list.reduce((sum, { events }) => sum + events.length, 0);
  }

  /** How much work has begun and not ended. */
  get begun(): number {
    return this.#works.length;
  }

  get works(): boolean {
    return this.#works.some(({ delivery }) => delivery.state === 'works');
  }

  get row(): Row {
    const { id, key, saturated, pending } = this;
    const tally = [this.#offered, this.#delivered, this.#failed, this.#dropped, this.#skipped, pending] as const;
    return { id, key, saturated, tally };
  }

  inMailbox(): readonly Sent[] {
    return this.#closing?.events ?? [...this.#unsettled, ...this.#order.flatMap(({ events }) => events)];
  }

  asks(event: Sent): boolean {
    return this.of.types === undefined || this.of.types.includes(event.type);
  }

  offer(events: readonly Sent[]): void {
    this.#offered += events.length;
    const hasLane = !this.of.batch && this.of.lanes !== undefined;
    // without a key, each is one of its own
    const lane = (hasLane ? keyOf(events[0]!) : undefined) ?? {};
    const stages = { stage: 'next', tries: 0, failedAfter: undefined, outcome: undefined, isCounted: false } as const;
    const delivery: Delivery = { events, lane, state: 'waits', torn: false, ...stages };
    this.#list.push(delivery);
    this.#order.push(delivery);
    this.#level();
    this.loop();
  }

  skip(): void {
    this.#offered++;
    this.#skipped++;
    this.#host.met.add('skip');
  }

  refuse(events: readonly Sent[]): void {
    this.#offered += events.length;
    this.#drop(events);
  }

  /** Work that is waited for ends, if there is any. */
  ends(done: boolean, nth: number, isFull = false): boolean {
    const [work] = this.#works.splice(nth % Math.max(1, this.#works.length), 1);
    if (work === undefined) return false;
    const { delivery, call } = work;
    this.#log(done ? 'done' : 'failed', work);
    const verdict = done ? this.#perform(call, delivery.events) : isFull ? 'full' : undefined;
    const isLate = delivery.state !== 'works';
    if (isLate) {
      this.#host.met.add('late');
      this.#tear(delivery);
    } else this.#answered(delivery, verdict);
    this.loop();
    return !isLate;
  }

  /** What it wants to go on after is not kept. */
  expired(): void {
    this.#note('Expired');
    if (this.of.since !== 'replay') this.#host.log.push(`${this.key} missed expired`);
    if (this.of.since !== 'replay' && this.of.missedThrows === true) this.broken();
  }

  broken(): void {
    this.#announce([], 1, false);
  }

  loop(): void {
    if (this.#looping) return;
    this.#looping = true;
    while (this.#move());
    this.#looping = false;
    const isIdle = this.pending === 0 && this.#slots.every(one => one === undefined);
    if (this.state === 'draining' && this.gathered.length === 0 && isIdle) this.#finallyClose();
  }

  close(drains: boolean): void {
    if (this.state === 'closed') return;
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

  futures(): unknown {
    const { state, held, skipping, saturated } = this;
    const list = this.#order.map(one => [
      ...[numbers(one.events), one.isCounted, one.state, one.stage],
      ...[one.tries, one.failedAfter],
    ]);
    const works = this.#works.map(({ delivery, call }) => [numbers(delivery.events), delivery.state, call]);
    return [state, held, skipping, saturated, this.keeps, list, works];
  }

  #move(): boolean {
    const delivery = this.#touched.shift();
    if (delivery !== undefined) {
      if (delivery.state === 'ready') this.#try(delivery);
      else if (delivery.state === 'ends') this.#end(delivery);
      return true;
    }
    const next = this.#next();
    if (next === undefined) return false;
    this.#slots[this.#free.pop() ?? this.#slots.length] = next;
    const { takes } = this.of;
    if (this.#isKnown(next.events)) {
      next.state = 'ready';
      if (this.#isKeyed && takes?.by === 'park') next.stage = 'ask';
      this.#touched.push(next);
    } else {
      this.#host.met.add(isSized(next.events) ? 'no key' : 'no size');
      this.#failedFor(next);
    }
    return true;
  }

  /** The oldest whose key has nothing in hand, if what has finished after the oldest of all is not too much. */
  #next(): Delivery | undefined {
    const { lanes = 1, maxAhead = Infinity } = this.of;
    const inHand = this.#slots.filter(one => one !== undefined);
    if (this.state === 'closed' || this.held || this.#isFrozen || inHand.length >= lanes) return undefined;
    const next = this.#list.find(({ state, lane }) => state === 'waits' && inHand.every(one => one.lane !== lane));
    const ahead = this.#order.filter(({ isCounted }) => isCounted).flatMap(({ events }) => events).length;
    return ahead < maxAhead || next === this.#order[0] ? next : undefined;
  }

  #try(delivery: Delivery): void {
    delivery.tries++;
    delivery.state = 'called';
    if (delivery.stage === 'next') this.#handle(delivery);
    else this.#call(delivery, delivery.stage === 'ask' ? 'ask' : this.of.takes!.by === 'park' ? 'park' : 'take');
  }

  #handle(delivery: Delivery): void {
    const outcome = this.#host.handle(this.key, delivery.events, this.of.mode);
    const throws = outcome === 'throw' || outcome === 'getterThrows';
    const isWork = outcome !== 'done' && !throws;
    const work: Work = { delivery, call: 'next' };
    if (throws || isWork) this.#host.met.add(isWork && this.of.shape === 'thenable' ? 'thenable' : outcome);
    if (outcome === 'thenThrows') this.#host.met.add(outcome);
    const cannotBeCut = outcome === 'thenThrows' || this.of.shape === 'thenable' || this.of.shape === 'promise';
    if (this.state === 'closed' && outcome === 'done' && this.givesWork) {
      this.#log('done', work);
      this.#ends(delivery, 'cut');
      return;
    }
    if (this.state === 'closed' && isWork) {
      // closed inside its own call: the work that it leaves is not begun
      if (cannotBeCut && outcome === 'later') this.#works.push(work);
      else if (cannotBeCut) this.#log(outcome === 'instant' ? 'done' : 'failed', work);
      this.#ends(delivery, 'cut');
      return;
    }
    if (this.state !== 'closed' && (isWork || throws) && !this.keeps) {
      this.keeps = true;
      this.#level();
    }
    delivery.torn = isWork && !cannotBeCut && this.of.shape === 'torn';
    if (outcome === 'later') this.#await(work);
    else {
      if (isWork) delivery.state = 'works';
      const isDone = outcome === 'done' || outcome === 'instant';
      this.#log(isDone ? 'done' : 'failed', work);
      this.#answered(delivery, isDone ? 'yes' : undefined, throws);
    }
  }

  /** Calls what takes failures. */
  #call(delivery: Delivery, call: Calls): void {
    const { events } = delivery;
    const answer = this.#host.take(call, this.key, events, this.of.takes!.isSlow);
    this.#host.met.add(`${call} ${answer}`);
    const work: Work = { delivery, call };
    const isWork = answer === 'later' || (call !== 'ask' && (answer === 'instant' || answer === 'instantFail'));
    const isDone = answer === 'done' || answer === 'instant' || (answer === 'odd' && call !== 'ask');
    const isBegun = !isWork || this.state !== 'closed' || (answer === 'later' && this.#isPromised(call));
    // a parking does what it is called for, however it goes on with its subscriber
    const verdict = isDone && isBegun ? this.#perform(call, events) : answer === 'full' ? 'full' : undefined;
    if (this.state === 'closed') {
      if (answer === 'later' && isBegun) this.#works.push(work);
      this.#ends(delivery, 'cut');
    } else if (answer === 'later') {
      delivery.torn = !this.#isPromised(call) && this.of.shape === 'torn';
      this.#await(work);
    } else if (call === 'ask' && verdict === 'no' && delivery.tries === 1) {
      // known at once: its handler is called in the same try
      delivery.stage = 'next';
      this.#handle(delivery);
    } else this.#answered(delivery, verdict);
  }

  /** It has begun when it is returned. */
  #isPromised(call: Calls | 'next'): boolean {
    return call === 'ask' || this.of.shape === 'promise' || this.of.shape === 'thenable';
  }

  #perform(call: Calls | 'next', events: readonly Sent[]): ModelVerdict {
    if (call !== 'ask' && call !== 'park') return 'yes';
    const { name, most } = this.of.takes!;
    const who = { name, most, key: this.#isKeyed ? keyOf(events[0]!) : undefined };
    return call === 'ask' ? this.#host.parking.parkBehind(events, who) : this.#host.parking.park(events, who);
  }

  #await(work: Work): void {
    work.delivery.state = 'works';
    this.#works.push(work);
    if (this.#works.filter(({ delivery }) => delivery.state === 'works').length > 1) this.#host.met.add('lanes');
    if (work.delivery !== this.#order[0]) this.#host.met.add('overtakes');
  }

  /** A try of its stage has ended. `undefined`: it failed. `full`: no other try would help a parking. */
  #answered(delivery: Delivery, verdict: ModelVerdict | undefined, throws = false): void {
    const { stage } = delivery;
    const { takes, retry = 0 } = this.of;
    const isFinal = verdict === 'full' && stage !== 'next' && takes?.by === 'park';
    const fails = verdict === undefined || (verdict === 'full' && !isFinal);
    const triesAgain = fails && this.state !== 'closed' && delivery.tries <= retry;
    // What follows work follows its teardown. Only a failure for good that nobody takes is counted before.
    if (!fails || triesAgain || takes !== undefined) {
      if (fails && !triesAgain && stage === 'next') delivery.failedAfter = delivery.tries;
      this.#tear(delivery);
      if (isLeft(delivery)) return;
    }
    if (triesAgain) {
      this.#host.met.add('retry');
      delivery.state = 'ready';
      this.#touched.push(delivery);
    } else if (stage === 'next') {
      if (!fails) this.#ends(delivery, 'done');
      else this.#failedFor(delivery, throws);
    } else if (fails || verdict === 'full') {
      this.#host.met.add('not taken');
      delivery.tries = delivery.failedAfter ?? 0;
      this.#ends(delivery, 'failed');
    } else if (stage === 'take') this.#ends(delivery, 'taken');
    else if (verdict === 'yes') this.#ends(delivery, 'behind');
    else this.#enters(delivery, 'next');
  }

  /** The delivery itself has failed for good. */
  #failedFor(delivery: Delivery, throws = true): void {
    const { takes } = this.of;
    if (takes === undefined) {
      delivery.outcome = 'failed';
      if (!throws) {
        // the failure of work is counted immediately
        delivery.state = 'tears';
        this.#count(delivery);
        this.#tear(delivery);
      }
      if (!isLeft(delivery)) this.#ends(delivery, 'failed');
      return;
    }
    delivery.failedAfter = delivery.tries;
    if (this.state === 'closed') {
      this.#ends(delivery, 'cut');
      return;
    }
    delivery.state = 'works';
    const answer = takes.by === 'park' && takes.hasOnly ? this.#host.take('only', this.key, [], false) : 'done';
    // it closed
    if (isLeft(delivery)) return;
    if (answer === 'done' || answer === 'later' || answer === 'instant') this.#enters(delivery, 'take');
    else {
      this.#host.met.add('not wanted');
      this.#ends(delivery, 'failed');
    }
  }

  #enters(delivery: Delivery, stage: Delivery['stage']): void {
    delivery.stage = stage;
    delivery.tries = 0;
    delivery.state = 'ready';
    this.#touched.push(delivery);
  }

  #ends(delivery: Delivery, outcome: Delivery['outcome']): void {
    delivery.outcome = outcome;
    delivery.state = 'ends';
    this.#touched.push(delivery);
  }

  /** It leaves its slot. */
  #end(delivery: Delivery): void {
    if (!delivery.isCounted) this.#count(delivery);
    this.#unsettled = [];
    const slot = this.#slots.indexOf(delivery);
    this.#slots[slot] = undefined;
    this.#free.push(slot);
    if (this.#closing !== undefined) this.#leave(this.#closing.unfinished, true);
  }

  #count(delivery: Delivery): void {
    const { events, outcome, tries, failedAfter } = delivery;
    const stops = this.of.takes !== undefined || this.of.onFailure === 'stop';
    if (outcome === 'failed' && stops) this.#host.freeze();
    delivery.isCounted = true;
    this.#list = this.#list.filter(one => one !== delivery);
    for (; this.#order[0]?.isCounted === true; this.#order.shift()) this.#unsettled.push(...this.#order[0].events);
    if (outcome === 'done') this.#delivered += events.length;
    else this.#failed += events.length;
    this.#host.met.add(`is ${String(outcome)}`);
    if (outcome === 'failed') {
      this.#host.met.add('failure');
      this.#announce(events, tries, stops && this.#host.hears());
      if (stops) this.#host.stop();
    } else if (outcome === 'taken') this.#announce(events, failedAfter!, false);
    if (outcome === 'behind' || (outcome === 'taken' && this.of.takes?.by === 'park'))
      this.#note(`${outcome === 'behind' ? 'Behind' : 'Parked'} ${numbers(events)}`);
    if (outcome === 'cut') {
      this.#closing?.unfinished.push(delivery);
      this.#announceCut(delivery);
    }
    this.#level();
  }

  #finallyClose(): void {
    this.state = 'closed';
    const { gathered } = this;
    this.gathered = [];
    this.refuse(gathered);
    const had = this.inMailbox();
    this.#unsettled = [];
    const isCalled = this.#slots.some(one => one?.state === 'called');
    const left = this.#list.filter(({ state }) => state === 'waits').flatMap(({ events }) => events);
    const cut = this.#list.filter(({ state }) => state !== 'waits' && state !== 'called');
    this.#closing = { events: had, unfinished: [...cut] };
    this.#failed += cut.flatMap(({ events }) => events).length;
    this.#dropped += left.length;
    this.#list = this.#list.filter(({ state }) => state === 'called');
    this.#order = this.#list;
    for (const one of this.#slots) if (one !== undefined && one.state !== 'called') one.state = 'left';
    this.#level();
    const canBeCut = ({ delivery, call }: Work): boolean => delivery.state === 'left' && !this.#isPromised(call);
    const works = this.#works.filter(canBeCut);
    for (const one of this.#slots) {
      for (const work of works.filter(({ delivery }) => delivery === one)) {
        // the teardown of another one may have ended it
        if (!this.#works.includes(work)) continue;
        this.#works = this.#works.filter(other => other !== work);
        this.#log('cut', work);
        this.#tear(work.delivery);
      }
    }
    this.#noteDropped(left);
    for (const one of cut) this.#announceCut(one);
    if (!isCalled) this.#leave(cut);
  }

  /** What had failed for good before it was cut off. */
  #announceCut({ events, failedAfter }: Delivery): void {
    if (failedAfter !== undefined) this.#announce(events, failedAfter, false);
  }

  #leave(unfinished: readonly Delivery[], isCalled = false): void {
    this.#closing = undefined;
    if (this.#gone) return;
    this.#gone = true;
    const end = (): void => {
      this.#host.left(this);
      const events = unfinished.flatMap(one => one.events);
      this.#note(`Closed ${this.row.tally.join(' ')} unfinished ${numbers(events)}`);
    };
    // a call of its own that is on the stack is looked at when the dispatch is over
    if (isCalled && !this.keeps) this.#host.later(end);
    else end();
  }

  #tear(delivery: Delivery): void {
    if (!delivery.torn) return;
    delivery.torn = false;
    this.#host.met.add('torn');
    this.#host.tears(this.key);
    if (this.#gone) this.#host.write('teardown');
    else this.broken();
  }

  #level(): void {
    const { pending } = this;
    const { bytes: most = Infinity, bound } = this.of;
    const bytes = most === Infinity ? 0 : this.#list.reduce((sum, { events }) => sum + this.#bytesOf(events), 0);
    const isFull = this.saturated
      ? pending > Math.floor(bound / 2) || bytes > most / 2
      : pending >= bound || bytes >= most;
    const saturated = this.keeps && this.state === 'open' && isFull;
    if (saturated === this.saturated) return;
    this.saturated = saturated;
    if (saturated) this.#host.met.add(pending < bound ? 'full of bytes' : 'saturation');
    this.#note(`${saturated ? 'Saturated' : 'Clear'} ${pending}`);
    this.#host.leveled?.();
  }

  #isKnown(events: readonly Sent[]): boolean {
    if (this.#isKeyed && events.some(event => keyOf(event) === undefined)) return false;
    return this.of.bytes === undefined || isSized(events);
  }

  #bytesOf(events: readonly Sent[]): number {
    return this.#isKnown(events) ? bytesOfAll(events) : 0;
  }

  #drop(events: readonly Sent[]): void {
    this.#dropped += events.length;
    this.#noteDropped(events);
  }

  #noteDropped(events: readonly Sent[]): void {
    if (events.length > 0) this.#note(`Dropped closed ${events.length} ${events[0]!.n}..${events.at(-1)!.n}`);
  }

  #announce(events: readonly Sent[], tries: number, heard: boolean): void {
    const observed = this.#host.observed();
    this.#note(`Failed ${numbers(events)} after ${tries}`);
    if (observed || heard || this.#written) return;
    this.#written = true;
    this.#host.write('failed');
  }

  #log(what: 'done' | 'failed' | 'cut', { delivery, call }: Work): void {
    this.#host.log.push(`${this.key} ${call === 'next' ? '' : `${call} `}${what} ${numbers(delivery.events)}`);
  }

  #note(notice: string): void {
    this.#host.note(this.key, notice);
  }
}

const isLeft = ({ state }: Delivery): boolean => state === 'left';
