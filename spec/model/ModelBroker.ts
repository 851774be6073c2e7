import { ModelLanes } from './ModelLanes.js';
import { ModelMember, type ModelHost } from './ModelMember.js';
import { ModelSource, type AnyMember } from './ModelSource.js';
import { ModelKept } from './ModelKept.js';
import { ModelAgain } from './ModelAgain.js';
import { ModelParking } from './ModelParking.js';
import { FIRST_AGAIN, type Again } from './Taking.js';
import {
  type Answers,
  type Console,
  type Handle,
  type Keeps,
  type Level,
  type Listening,
  type Member,
  type Sent,
  type Tears,
  type Type,
  type View,
  type World,
} from './World.js';

/** The broker in arrays and loops: no routes, no rings, no counters that are differences. Slow and plain. */
export class ModelBroker implements World {
  readonly log: string[] = [];
  readonly met: Set<string>;
  readonly #host: ModelHost;
  readonly #maxPending: number;
  readonly parking = new ModelParking();
  readonly #agains: ModelAgain[] = [];
  #isTurnOf = 0;
  #members: AnyMember[] = [];
  #leaving: AnyMember[] = [];
  readonly #all: AnyMember[] = [];
  readonly #source = new ModelSource(() => this.#all);
  /** What to call when an event of the source has reached everybody. */
  readonly #dispatched = new Map<Sent, () => void>();
  readonly #freed: number[] = [];
  readonly #kept: ModelKept | undefined;
  /** Late subscribers whose replay has not begun. */
  #late: AnyMember[] = [];
  #isKeepingWritten = false;
  #lastId = 0;
  #phase: 'open' | 'draining' | 'closed' = 'open';
  #busy = false;
  #handingOver = 0;
  #queue: (readonly Sent[] | Sent)[] = [];
  #stopping = false;
  /** The hand-over that runs has led to a stop: its `send` throws. */
  #halted = false;
  #ended: 'drained' | 'closed' | 'stopped' | undefined;
  /** Everybody has been closed. */
  #isOver = false;
  /** Calls of `drain` that have not been answered. */
  #drains = 0;
  #sent = 0;
  #unrouted = 0;
  readonly #later: (() => void)[] = [];
  readonly #microtasks: (() => void)[] = [];
  readonly #notices: Record<number, string[]> = {};
  #observed = true;
  /** Other observers of the notices: those that stay, and those that end with the next notice. */
  #listeners = 0;
  #operators = 0;
  #console: Console = 'works';

  constructor(
    maxPending: number,
    handle: Handle,
    take: Answers,
    tears: Tears,
    met: Set<string>,
    keeps: Keeps | undefined,
  ) {
    this.met = met;
    this.#maxPending = maxPending;
    this.#host = {
      log: this.log,
      met: this.met,
      handle: (key, events, mode) => handle(key, [...events], mode),
      take,
      tears,
      parking: this.parking,
      note: (key, notice) => {
        if (this.#observed) this.#notices[key] = [...(this.#notices[key] ?? []), notice];
        this.#operators = 0;
      },
      observed: () => this.#observed || this.#listeners + this.#operators > 0,
      hears: () => this.#phase !== 'closed' && !this.#stopping && (this.#busy || this.#source.isOpen),
      freeze: () => this.#source.freeze(),
      write: what => {
        if (what === 'failed') this.met.add('unobserved');
        if (this.#console !== 'works') this.met.add('console throws');
        if (this.#console !== 'throws') this.log.push(`console ${what}`);
      },
      stop: () => {
        if (this.#busy) this.#stopping = true;
        else this.#shutDown('stopped');
      },
      later: then => {
        if (this.#busy) this.#later.push(then);
        else then();
      },
      microtask: then => void this.#microtasks.push(then),
      left: member => {
        this.#leaving = this.#leaving.filter(other => other !== member);
      },
    };
    if (keeps !== undefined) this.#kept = new ModelKept(keeps, event => this.#notKnown(event));
  }

  // ── what can be done ──

  send(event: Sent): boolean {
    return this.#send(event, [event]);
  }

  sendBatch(events: readonly Sent[]): boolean {
    return this.#send([...events], events);
  }

  subscribe(of: Member): void {
    this.#refuse();
    if (of.since !== undefined && this.#kept === undefined) throw new Error('OptionError');
    const id = this.#freed.shift() ?? ++this.#lastId;
    const hasLanes = of.takes !== undefined || (of.required && of.lanes !== undefined);
    const has = hasLanes ? ModelLanes : ModelMember;
    const member = new has(this.#host, id, this.#all.length + 1, of);
    this.#all.push(member);
    this.#members.push(member);
    member.isLate = of.since !== undefined;
    this.#host.note(member.key, 'Subscribed');
    // A level that errors inside `subscribe`. `skip$` and `hold$` come first, and their errors are told once the subscriber is
    // in: after what their own teardown throws. `closed$` comes last: a closed subscriber does not follow it, and if it is the
    // one that errors, RxJS keeps to itself what its teardown throws then.
    if (of.breaks !== undefined && (of.breaks !== 'hold' || of.holds)) this.#breakEarly(member, of.breaks);
    if (of.since !== undefined) {
      this.#late.push(member);
      if (!this.#busy) this.#dispatch(undefined);
    }
    member.isReturned = true;
  }

  #breakEarly(member: AnyMember, what: Level): void {
    const first = what !== 'closed';
    if (first && member.of.levelsTear === true) this.#host.write('teardown');
    this.#break(member, what, first ? 0 : 1);
  }

  acknowledge(key: number, nth = 0): void {
    if (this.worker(key)?.ends(true, nth) === true) this.#closeIfDrained();
  }

  fail(key: number, nth = 0, isFull = false): void {
    if (this.worker(key)?.ends(false, nth, isFull) === true) this.#closeIfDrained();
  }

  again(again: Again): void {
    const replay = new ModelAgain(this.#host, this.parking, FIRST_AGAIN + this.#agains.length, again);
    this.#agains.push(replay);
    if (this.#agains.length === this.#isTurnOf + 1) replay.begin();
  }

  discard(id: number): void {
    this.parking.remove([id]);
  }

  /** Everything that waits for nobody happens. */
  turn(): void {
    for (let then = this.#microtasks.shift(); then !== undefined; then = this.#microtasks.shift()) {
      then();
      this.#closeIfDrained();
    }
    for (let current = this.#agains[this.#isTurnOf]; current !== undefined; current = this.#agains[this.#isTurnOf]) {
      while (current.turn());
      if (!current.hasEnded) return;
      this.#isTurnOf++;
      this.#agains[this.#isTurnOf]?.begin();
    }
  }

  unsubscribe(key: number): void {
    this.#agains[key - FIRST_AGAIN]?.leave();
    // before its `subscribe` returns, nobody has the subscription
    if (this.member(key)?.isReturned === true) this.closed(key);
  }

  closed(key: number): void {
    const member = this.member(key);
    if (member?.state !== 'open') return;
    this.#close(member, member.of.drainOnClose);
    // one that drains goes on when its last delivery has ended, and the work of that is left
    if ((member.state as AnyMember['state']) === 'closed') this.#closeIfDrained();
  }

  skip(key: number, level: boolean): void {
    const member = this.member(key);
    if (member?.state === 'open') member.skipping = level;
  }

  hold(key: number, level: boolean): void {
    const member = this.member(key);
    if (member?.state !== 'open' || !member.of.holds || this.#phase !== 'open') return;
    member.held = level;
    if (level) this.met.add('hold');
    member.loop();
    this.#closeIfDrained();
  }

  drain(): void {
    if (this.#phase === 'open') {
      this.#phase = 'draining';
      for (const member of [...this.#members, ...this.#leaving]) {
        member.held = false;
        member.loop();
      }
      this.#closeIfDrained();
    }
    this.#drains++;
    this.#answerDrains();
  }

  close(): void {
    this.#shutDown('closed');
  }

  receive(): void {
    if (!this.#source.isOpen && this.#phase === 'open') this.#source.open();
  }

  read(): void {
    if (this.#busy) return;
    this.met.add('read');
    this.#source.read();
  }

  emit(event: Sent): void {
    if (!this.#source.isOpen) return;
    this.met.add('emit');
    const dispatched = this.#source.emit(event);
    if (this.#phase === 'draining') {
      this.#source.ignored();
      return;
    }
    this.#dispatched.set(event, dispatched);
    try {
      this.#send(event, [event]);
    } catch {
      this.#source.end();
      // it is over for this run of the source, and does not keep the next one from going on
      dispatched();
    }
  }

  break(key: number, what: Level): void {
    const member = this.member(key);
    if (member?.state === 'open') this.#break(member, what, 2);
  }

  observe(level: boolean): void {
    this.#observed = level;
  }

  listen(how: Listening): void {
    this.met.add('listener throws');
    if (how === 'observer') this.#listeners++;
    else this.#operators++;
  }

  console(how: Console): void {
    this.#console = how;
  }

  look(): View {
    return {
      sent: this.#sent,
      unrouted: this.#unrouted,
      saturated: this.#saturated,
      rows: this.#members.map(({ row }) => row),
      settled: this.#source.look(),
      notices: this.#notices,
    };
  }

  // ── what a test may ask of it ──

  get phase(): 'open' | 'draining' | 'closed' {
    return this.#phase;
  }

  member(key: number): AnyMember | undefined {
    return this.#all[key - 1];
  }

  /** Whose work it is: of a subscriber, or of what gets again what is parked. */
  worker(key: number): AnyMember | undefined {
    return this.member(key) ?? this.#agains[key - FIRST_AGAIN]?.consumer;
  }

  /** The keys of the replays that have not ended. */
  get replays(): readonly number[] {
    return this.#agains.flatMap(({ hasEnded }, index) => (hasEnded ? [] : [FIRST_AGAIN + index]));
  }

  /** What decides how it goes on, and nothing else: equal states have equal futures. */
  state(): string {
    const settled = this.#source.look();
    return JSON.stringify([
      this.#phase,
      this.#ended,
      this.#sent,
      this.#all.map(member => member.futures()),
      this.parking.futures(),
      this.replays.map(key => this.#agains[key - FIRST_AGAIN]!.futures()),
      ...(settled === undefined ? [] : [settled, this.#source.isOpen]),
    ]);
  }

  // ── how an event reaches all subscribers ──

  #send(unit: readonly Sent[] | Sent, events: readonly Sent[]): boolean {
    this.#refuse();
    if (events.length === 0) return !this.#saturated;
    this.#check(unit, events);
    this.#checkRoom(events);
    if (this.#busy) {
      this.met.add('re-entrant send');
      this.#queue.push(unit);
      return !this.#saturated;
    }
    this.#dispatch(unit);
    return !this.#saturated;
  }

  /** Hands it over, and then what was asked for or sent from inside: replays first. */
  #dispatch(first: readonly Sent[] | Sent | undefined): void {
    this.#busy = true;
    for (let unit = first; ; unit = this.#queue.shift()) {
      if (unit !== undefined) this.#handOver(unit);
      this.#haltIfStopping();
      for (let late = this.#late.shift(); late !== undefined; late = this.#late.shift()) {
        if (late.state === 'open') this.#replay(late);
        this.#haltIfStopping();
      }
      if (this.#queue.length === 0) break;
    }
    this.#busy = false;
    for (const then of this.#later.splice(0)) then();
    const halted = this.#halted;
    this.#halted = false;
    this.#closeIfDrained();
    if (halted) this.#refuse();
  }

  /** Rejects a value that is not an event. Types are read if a subscriber names one, or may do so before the dispatch. */
  #check(unit: readonly Sent[] | Sent, events: readonly Sent[]): void {
    if ([...events].some(event => event === undefined || event === null)) {
      this.met.add('no event');
      throw new Error('OptionError');
    }
    const reads = this.#busy || Array.isArray(unit) || this.#members.some(({ of }) => of.types !== undefined);
    if (reads) for (const event of events) this.#typeOf(event);
  }

  #typeOf(event: Sent): Type {
    try {
      return event.type;
    } catch (error) {
      this.met.add('unreadable');
      throw error;
    }
  }

  #handOver(unit: readonly Sent[] | Sent): void {
    const batch = Array.isArray(unit);
    const events = (batch ? unit : [unit]) as readonly Sent[];
    this.#handingOver = batch ? events.length : 0;
    for (const event of events) {
      if (this.#phase !== 'closed') this.#kept?.add(event);
      const targets = this.#members.filter(member => isIn(member) && member.asks(event));
      this.#sent++;
      if (targets.length === 0) this.#unrouted++;
      for (const member of targets) {
        if (member.state !== 'open') continue;
        if (member.skipping) member.skip();
        else if (batch && member.of.batch) member.gathered.push(event);
        else member.offer([event]);
      }
    }
    for (const member of this.#all) this.#offerGathered(member);
    this.#handingOver = 0;
    for (const event of events) this.#dispatched.get(event)?.();
  }

  #offerGathered(member: AnyMember): void {
    const { gathered } = member;
    member.gathered = [];
    if (gathered.length === 0) return;
    member.offer(gathered);
    if (member.state === 'draining') member.concludeDrain();
  }

  /** A hand-over of its own, to one member. */
  #replay(member: AnyMember): void {
    this.#host.met.add('replay');
    member.isLate = false;
    const { events, threw, isExpired } = this.#kept!.since(member.of);
    if (threw) member.broken();
    if (isExpired) {
      this.#host.met.add('expired');
      member.expired();
    }
    this.#handingOver = events.length;
    member.isReplaying = true;
    for (const event of events) {
      if (member.state !== 'open') break;
      if (member.skipping) member.skip();
      else if (member.of.batch) member.gathered.push(event);
      else member.offer([event]);
    }
    this.#offerGathered(member);
    member.isReplaying = false;
    this.#handingOver = 0;
  }

  #checkRoom(events: readonly Sent[]): void {
    const max = this.#maxPending;
    const queued = this.#queue.reduce((sum, unit) => sum + (Array.isArray(unit) ? unit.length : 1), 0);
    if (this.#busy && queued + events.length > max) this.#full();
    const ahead = this.#busy ? queued + Math.max(1, this.#handingOver) : 0;
    for (const member of this.#members) {
      if (!isIn(member) || !member.of.required || member.skipping || !member.keeps) continue;
      if (member.pending + ahead === 0) continue;
      const its = events.filter(event => member.asks(event)).length;
      if (its > 0 && member.pending + ahead + its > max) this.#full();
    }
  }

  #full(): never {
    this.met.add('full');
    throw new Error('BacklogFullError');
  }

  /** A size or a key of what is kept is not known. */
  #notKnown(event: Sent): void {
    this.#host.met.add('kept unknown');
    const observed = this.#host.observed();
    this.#host.note(0, `Failed ${event.n} after 1`);
    if (observed || this.#isKeepingWritten) return;
    this.#isKeepingWritten = true;
    this.#host.write('failed');
  }

  // ── how it ends ──

  #break(member: AnyMember, what: Level, levels: number): void {
    if (what === 'hold' && !member.of.holds) return;
    this.met.add('level breaks');
    if (member.of.required) this.#source.freeze();
    member.broken();
    this.#close(member, false, levels);
    this.#closeIfDrained();
  }

  /** `levels`: how many it follows, besides `hold$`. */
  #close(member: AnyMember, drains: boolean, levels = 2): void {
    if (member.state === 'closed' || (member.state === 'draining' && drains)) return;
    this.met.add('close');
    if (member.state === 'open') {
      if (this.#phase !== 'closed') {
        this.#members = this.#members.filter(other => other !== member);
        this.#freed.push(member.id);
      }
      this.#leaving.push(member);
      const tears = member.of.levelsTear === true ? levels + Number(member.of.holds) : 0;
      if (tears > 0) this.met.add('level tears');
      for (let i = 0; i < tears; i++) this.#host.write('teardown');
    }
    member.close(drains);
  }

  #shutDown(ended: 'drained' | 'closed' | 'stopped'): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#source.end();
    this.#ended = ended;
    this.#late = [];
    const unsent = this.#queue.flatMap(unit => unit);
    this.#queue = [];
    for (const member of this.#members)
      member.refuse(unsent.filter(event => !member.isLate && !member.skipping && member.asks(event)));
    for (const member of [...this.#members, ...this.#leaving]) member.freeze();
    for (const member of [...this.#members, ...this.#leaving]) this.#close(member, false);
    this.#isOver = true;
    this.#answerDrains();
  }

  #haltIfStopping(): void {
    if (!this.#stopping) return;
    this.#stopping = false;
    this.#halted = true;
    this.#shutDown('stopped');
  }

  #closeIfDrained(): void {
    if (this.#phase !== 'draining' || this.#busy) return;
    const required = [...this.#members, ...this.#leaving].filter(({ of }) => of.required);
    if (required.every(({ pending }) => pending === 0)) this.#source.end();
    if ([...this.#members, ...this.#leaving].every(({ pending }) => pending === 0)) this.#shutDown('drained');
  }

  #answerDrains(): void {
    if (!this.#isOver) return;
    for (; this.#drains > 0; this.#drains--) this.log.push(`drain ${String(this.#ended)}`);
  }

  #refuse(): void {
    if (this.#phase !== 'open') throw new Error(this.#ended === 'stopped' ? 'BrokerStoppedError' : 'BrokerClosedError');
  }

  get #saturated(): boolean {
    return this.#members.some(({ saturated }) => saturated);
  }
}

/** It is handed what is sent. */
const isIn = ({ state, isLate }: AnyMember): boolean => state === 'open' && !isLate;
