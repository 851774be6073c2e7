import type { ModelHost } from './ModelMember.js';
import { bytesOfAll, isSized, keyOf, numbers, type Member, type Row, type Sent } from './World.js';

interface Delivery {
  readonly events: readonly Sent[];
  /** Of the same key, one at a time. */
  readonly key: unknown;
  /** `ends`: its work has ended, and that is not counted yet. `left`: it was cut off. */
  state: 'waits' | 'ready' | 'called' | 'works' | 'ends' | 'left';
  tries: number;
  /** How it ended; `cut`: it left work behind. */
  outcome: 'done' | 'failed' | 'cut' | undefined;
  isCounted: boolean;
  /** It is work whose teardown throws. */
  torn: boolean;
}

/** A required subscriber with lanes: a list of what has not been counted, and what is in hand in its slots. */
export class ModelLanes {
  readonly id: number;
  readonly key: number;
  readonly of: Member;
  readonly keeps = true;
  readonly #host: ModelHost;
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
  /** What is in hand. A slot is used again, the last one that became free first. */
  readonly #slots: (Delivery | undefined)[] = [];
  readonly #free: number[] = [];
  /** What is to be moved on, one after the other. */
  #touched: Delivery[] = [];
  /** Work that has begun and not ended, in order. Of a thenable that was left, too: it cannot be cut off. */
  #works: Delivery[] = [];
  #looping = false;
  #written = false;
  #gone = false;
  /** What it had when it was closed from inside its own call, until that returns. */
  #closing: { readonly events: readonly Sent[]; readonly unfinished: Sent[] } | undefined;
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
  }

  get pending(): number {
    return this.#list.reduce((sum, { events }) => sum + events.length, 0);
  }

  get works(): boolean {
    return this.#works.some(({ state }) => state === 'works');
  }

  get row(): Row {
    const { id, key, saturated, pending } = this;
    const tally = [this.#offered, this.#delivered, this.#failed, this.#dropped, this.#skipped, pending] as const;
    return { id, key, saturated, tally };
  }

  inMailbox(): readonly Sent[] {
    return this.#closing?.events ?? this.#order.flatMap(({ events }) => events);
  }

  asks(event: Sent): boolean {
    return this.of.types === undefined || this.of.types.includes(event.type);
  }

  offer(events: readonly Sent[]): void {
    this.#offered += events.length;
    // without a key, each is one of its own
    const key = this.of.batch ? {} : (keyOf(events[0]!) ?? {});
    const delivery = { events, key, tries: 0, outcome: undefined, isCounted: false, torn: false };
    this.#list.push({ ...delivery, state: 'waits' });
    this.#order.push(this.#list.at(-1)!);
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

  ends(done: boolean, nth: number): void {
    const [delivery] = this.#works.splice(nth % Math.max(1, this.#works.length), 1);
    if (delivery?.state === 'works') {
      if (this.#slots.filter(one => one?.state === 'works').length > 1) this.#host.met.add('lanes');
      if (delivery !== this.#list[0]) this.#host.met.add('overtakes');
      this.#ended(delivery, done, false);
      this.loop();
    } else if (delivery !== undefined) {
      this.#host.met.add('late');
      this.#log(done ? 'done' : 'failed', delivery.events);
    }
  }

  /** What it wants to go on after is not kept. */
  expired(): void {
    this.#note('Expired');
    if (this.of.since === 'replay') return;
    this.#host.log.push(`${this.key} missed expired`);
    if (this.of.missedThrows === true) this.broken();
  }

  broken(): void {
    this.#announce([], 1, false);
  }

  loop(): void {
    if (this.#looping) return;
    this.#looping = true;
    while (this.#move());
    this.#looping = false;
    if (this.state === 'draining' && this.gathered.length === 0 && this.pending === 0) this.#finallyClose();
  }

  close(drains: boolean): void {
    this.state = drains ? 'draining' : 'closed';
    if (!drains) this.#finallyClose();
    else if (this.gathered.length === 0) this.concludeDrain();
    else this.#level();
  }

  concludeDrain(): void {
    this.held = false;
    this.#level();
    this.loop();
  }

  futures(): unknown {
    const { state, held, skipping, saturated } = this;
    const list = this.#order.map(one => [numbers(one.events), one.isCounted, one.state, one.tries]);
    return [state, held, skipping, saturated, list, this.#works.map(({ events }) => numbers(events))];
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
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = next;
    if (this.#isKnown(next.events)) next.state = 'ready';
    else {
      this.#host.met.add(isSized(next.events) ? 'no key' : 'no size');
      next.state = 'ends';
      next.outcome = 'failed';
    }
    this.#touched.push(next);
    return true;
  }

  /** The oldest whose key has nothing in hand. */
  #next(): Delivery | undefined {
    const inHand = this.#slots.filter(one => one !== undefined);
    if (this.state === 'closed' || this.held || inHand.length >= this.of.lanes!) return undefined;
    return this.#list.find(({ state, key }) => state === 'waits' && inHand.every(other => other.key !== key));
  }

  #try(delivery: Delivery): void {
    const { events } = delivery;
    delivery.tries++;
    delivery.state = 'called';
    const outcome = this.#host.handle(this.key, events, this.of.mode);
    const throws = outcome === 'throw' || outcome === 'getterThrows';
    const isWork = outcome !== 'done' && !throws;
    const thenable = outcome === 'thenThrows' || (isWork && this.of.shape === 'thenable');
    if (throws || isWork) this.#host.met.add(thenable ? 'thenable' : outcome);
    if (outcome === 'thenThrows') this.#host.met.add(outcome);
    if (this.state === 'closed' && isWork) {
      // closed inside its own call: the work that it leaves is not begun
      delivery.outcome = 'cut';
      if (thenable && outcome === 'later') this.#works.push(delivery);
      else if (thenable) this.#log(outcome === 'instant' ? 'done' : 'failed', events);
    }
    if (delivery.outcome === 'cut') {
      delivery.state = 'ends';
      this.#touched.push(delivery);
      return;
    }
    delivery.torn = isWork && !thenable && this.of.shape === 'torn';
    if (outcome === 'later') {
      delivery.state = 'works';
      this.#works.push(delivery);
    } else this.#ended(delivery, outcome === 'done' || outcome === 'instant', throws);
  }

  /** A try has ended. The failure of its work is counted immediately, before its teardown; that of a handler when it has returned. */
  #ended(delivery: Delivery, done: boolean, throws: boolean): void {
    this.#log(done ? 'done' : 'failed', delivery.events);
    delivery.state = 'ends';
    const retries = !done && this.state !== 'closed' && delivery.tries <= (this.of.retry ?? 0);
    if (retries) this.#host.met.add('retry');
    delivery.outcome = done ? 'done' : 'failed';
    if (!done && !retries && !throws) this.#count(delivery);
    this.#tear(delivery);
    // it was closed by what its failure led to
    if (delivery.state !== 'ends') return;
    if (retries) delivery.state = 'ready';
    this.#touched.push(delivery);
  }

  /** It leaves its slot. */
  #end(delivery: Delivery): void {
    if (!delivery.isCounted) this.#count(delivery);
    const slot = this.#slots.indexOf(delivery);
    this.#slots[slot] = undefined;
    this.#free.push(slot);
    if (this.#closing !== undefined) this.#leave(this.#closing.unfinished);
  }

  #count(delivery: Delivery): void {
    const { events, outcome, tries } = delivery;
    const stops = this.of.onFailure === 'stop';
    if (outcome === 'failed' && stops) this.#host.freeze();
    this.#uncounted(delivery);
    if (outcome === 'done') this.#delivered += events.length;
    else this.#failed += events.length;
    if (outcome === 'failed') {
      this.#host.met.add('failure');
      this.#announce(events, tries, stops && this.#host.busy());
      if (stops) this.#host.stop();
    }
    if (outcome === 'cut') this.#closing?.unfinished.push(...events);
    this.#level();
  }

  #uncounted(delivery: Delivery): void {
    delivery.isCounted = true;
    this.#list = this.#list.filter(one => one !== delivery);
    while (this.#order[0]?.isCounted === true) this.#order.shift();
  }

  #finallyClose(): void {
    this.state = 'closed';
    const { gathered } = this;
    this.gathered = [];
    this.refuse(gathered);
    const had = this.#order.flatMap(({ events }) => events);
    const isCalled = this.#slots.some(one => one?.state === 'called');
    const left = this.#list.filter(({ state }) => state === 'waits').flatMap(({ events }) => events);
    const cut = this.#list.filter(({ state }) => state !== 'waits' && state !== 'called');
    const unfinished = cut.flatMap(({ events }) => events);
    this.#closing = isCalled ? { events: had, unfinished } : undefined;
    this.#failed += unfinished.length;
    this.#dropped += left.length;
    const working = this.#slots.filter(one => one?.state === 'works');
    this.#list = this.#list.filter(({ state }) => state === 'called');
    this.#order = this.#list;
    for (const one of this.#slots) if (one !== undefined && one.state !== 'called') one.state = 'left';
    this.#level();
    for (const one of working) {
      if (this.of.shape !== 'thenable') {
        this.#works = this.#works.filter(other => other !== one);
        this.#log('cut', one!.events);
      }
      this.#tear(one!);
    }
    this.#noteDropped(left);
    if (!isCalled) this.#leave(unfinished);
  }

  #leave(unfinished: readonly Sent[]): void {
    this.#closing = undefined;
    if (this.#gone) return;
    this.#gone = true;
    this.#host.left(this);
    this.#note(`Closed ${this.row.tally.join(' ')} unfinished ${numbers(unfinished)}`);
  }

  #tear(delivery: Delivery): void {
    if (!delivery.torn) return;
    delivery.torn = false;
    this.#host.met.add('torn');
    if (this.#gone) this.#host.write('teardown');
    else this.broken();
  }

  #level(): void {
    const { pending } = this;
    const { bytes: most = Infinity } = this.of;
    const bytes = most === Infinity ? 0 : this.#list.reduce((sum, { events }) => sum + this.#bytesOf(events), 0);
    const isFull = this.saturated
      ? pending > Math.floor(this.of.bound / 2) || bytes > most / 2
      : pending >= this.of.bound || bytes >= most;
    const saturated = this.state === 'open' && isFull;
    if (saturated === this.saturated) return;
    this.saturated = saturated;
    if (saturated) this.#host.met.add(pending < this.of.bound ? 'full of bytes' : 'saturation');
    this.#note(`${saturated ? 'Saturated' : 'Clear'} ${pending}`);
  }

  #isKnown(events: readonly Sent[]): boolean {
    if (!this.of.batch && events.some(event => keyOf(event) === undefined)) return false;
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

  #log(what: 'done' | 'failed' | 'cut', events: readonly Sent[]): void {
    this.#host.log.push(`${this.key} ${what} ${numbers(events)}`);
  }

  #note(notice: string): void {
    this.#host.note(this.key, notice);
  }
}
