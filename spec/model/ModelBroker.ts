import type { Member, Outcome, Row, Sent, View, World } from './World.js';

interface Gap {
  count: number;
  first: number;
  last: number;
}

interface Waiting {
  readonly events: readonly Sent[];
  gap: Gap | undefined;
}

interface Box {
  readonly id: number;
  readonly key: number;
  readonly of: Member;
  state: 'open' | 'draining' | 'closed';
  skipping: boolean;
  held: boolean;
  saturated: boolean;
  waiting: Waiting[];
  endGap: Gap | undefined;
  inHand: readonly Sent[] | undefined;
  /** Its handler is on the stack. */
  starting: boolean;
  looping: boolean;
  gathered: Sent[];
  /** It has returned work before, or may hold: it keeps what it cannot begin. */
  keeps: boolean;
  gone: boolean;
  offered: number;
  delivered: number;
  failed: number;
  dropped: number;
  skipped: number;
}

const numbers = (events: readonly Sent[]): string => events.map(({ n }) => n).join(',');
const joined = (a: Gap | undefined, b: Gap | undefined): Gap | undefined =>
  a && b ? { count: a.count + b.count, first: a.first, last: b.last } : (a ?? b);

/** The broker in arrays and loops: no routes, no rings, no counters that are differences. Slow and plain. */
export class ModelBroker implements World {
  readonly log: string[] = [];
  readonly met = new Set<string>();
  readonly #handle: (key: number, events: readonly Sent[]) => Outcome;
  readonly #maxPending: number;
  #members: Box[] = [];
  #leaving: Box[] = [];
  readonly #all: Box[] = [];
  readonly #freed: number[] = [];
  #lastId = 0;
  #phase: 'open' | 'draining' | 'closed' = 'open';
  #busy = false;
  #handingOver = 0;
  #queue: (readonly Sent[] | Sent)[] = [];
  #stopping = false;
  #stopped = false;
  /** The hand-over that runs has led to a stop: its `send` throws. */
  #halted = false;
  #sent = 0;
  #unrouted = 0;
  readonly #notices: Record<number, string[]> = {};

  constructor(maxPending: number, handle: (key: number, events: readonly Sent[]) => Outcome) {
    this.#maxPending = maxPending;
    this.#handle = handle;
  }

  // ── what can be done ──

  send(event: Sent): boolean {
    return this.#send(event, [event]);
  }

  sendBatch(events: readonly Sent[]): boolean {
    return this.#send([...events], events);
  }

  subscribe(member: Member): void {
    this.#refuse();
    const id = this.#freed.shift() ?? ++this.#lastId;
    const key = this.#all.length + 1;
    const box: Box = {
      id,
      key,
      of: member,
      state: 'open',
      skipping: false,
      held: false,
      saturated: false,
      waiting: [],
      endGap: undefined,
      inHand: undefined,
      starting: false,
      looping: false,
      gathered: [],
      keeps: member.holds,
      gone: false,
      offered: 0,
      delivered: 0,
      failed: 0,
      dropped: 0,
      skipped: 0,
    };
    this.#all.push(box);
    this.#members.push(box);
    this.#notices[key] = ['Subscribed'];
  }

  acknowledge(key: number): void {
    const box = this.#box(key);
    if (box?.inHand && !box.starting) this.#finish(box, true);
    this.#closeIfDrained();
  }

  fail(key: number): void {
    const box = this.#box(key);
    if (box?.inHand && !box.starting) this.#finish(box, false);
    this.#closeIfDrained();
  }

  unsubscribe(key: number): void {
    const box = this.#box(key);
    if (box?.state === 'open') this.#close(box, box.of.drainOnClose);
    this.#closeIfDrained();
  }

  closed(key: number): void {
    this.unsubscribe(key);
  }

  skip(key: number, level: boolean): void {
    const box = this.#box(key);
    if (box?.state === 'open') box.skipping = level;
  }

  hold(key: number, level: boolean): void {
    const box = this.#box(key);
    if (box?.state !== 'open' || !box.of.holds || this.#phase !== 'open') return;
    box.held = level;
    if (level) this.met.add('hold');
    this.#loop(box);
  }

  drain(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'draining';
    for (const box of [...this.#members, ...this.#leaving]) {
      box.held = false;
      this.#loop(box);
    }
    this.#closeIfDrained();
  }

  close(): void {
    this.#shutDown();
  }

  look(): View {
    return {
      sent: this.#sent,
      unrouted: this.#unrouted,
      saturated: this.#saturated,
      rows: this.#members.map(box => this.#row(box)),
      notices: this.#notices,
    };
  }

  /** What decides how it goes on, and nothing else: equal states have equal futures. */
  state(): string {
    const boxes = this.#all.map(({ state, held, skipping, saturated, waiting, endGap, inHand }) => [
      state,
      held,
      skipping,
      saturated,
      waiting.map(({ events, gap }) => [numbers(events), gap]),
      endGap,
      inHand && numbers(inHand),
    ]);
    return JSON.stringify([this.#phase, this.#sent, boxes]);
  }

  // ── how an event gets to everybody ──

  #send(unit: readonly Sent[] | Sent, events: readonly Sent[]): boolean {
    this.#refuse();
    if (events.length === 0) return !this.#saturated;
    this.#checkRoom(events);
    if (this.#busy) {
      this.met.add('re-entrant send');
      this.#queue.push(unit);
      return !this.#saturated;
    }
    this.#busy = true;
    this.#handOver(unit);
    this.#haltIfStopping();
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#handOver(next);
      this.#haltIfStopping();
    }
    this.#busy = false;
    const halted = this.#halted;
    this.#halted = false;
    this.#closeIfDrained();
    if (halted) this.#refuse();
    return !this.#saturated;
  }

  #handOver(unit: readonly Sent[] | Sent): void {
    const batch = Array.isArray(unit);
    const events = (batch ? unit : [unit]) as readonly Sent[];
    this.#handingOver = batch ? events.length : 0;
    for (const event of events) {
      const targets = this.#members.filter(box => box.state === 'open' && this.#asks(box, event));
      this.#sent++;
      if (targets.length === 0) this.#unrouted++;
      for (const box of targets) {
        if (box.state !== 'open') continue;
        if (box.skipping) {
          box.offered++;
          box.skipped++;
          this.met.add('skip');
        } else if (batch && box.of.batch) {
          box.gathered.push(event);
        } else this.#offer(box, [event]);
      }
    }
    for (const box of this.#all) {
      const gathered = box.gathered;
      box.gathered = [];
      if (gathered.length === 0) continue;
      this.#offer(box, gathered);
      if (box.state === 'draining') this.#concludeDrain(box);
    }
    this.#handingOver = 0;
  }

  #checkRoom(events: readonly Sent[]): void {
    const max = this.#maxPending;
    const queued = this.#queue.reduce((sum, unit) => sum + (Array.isArray(unit) ? unit.length : 1), 0);
    if (this.#busy && queued + events.length > max) this.#full();
    const ahead = this.#busy ? queued + Math.max(1, this.#handingOver) : 0;
    for (const box of this.#members) {
      if (box.state !== 'open' || !box.of.required || box.skipping || !box.keeps) continue;
      const pending = this.#waitingEvents(box) + (box.inHand?.length ?? 0);
      if (pending + ahead === 0) continue;
      const its = events.filter(event => this.#asks(box, event)).length;
      if (its > 0 && pending + ahead + its > max) this.#full();
    }
  }

  #full(): never {
    this.met.add('full');
    throw new Error('BacklogFullError');
  }

  // ── what waits, and what is in hand ──

  #offer(box: Box, events: readonly Sent[]): void {
    const idle = !box.inHand && box.waiting.length === 0 && !box.held;
    box.offered += events.length;
    if (box.of.required || idle) this.#push(box, events);
    else if (!this.#fit(box, events)) return;
    this.#level(box);
    this.#loop(box);
  }

  #push(box: Box, events: readonly Sent[]): void {
    box.waiting.push({ events, gap: box.endGap });
    box.endGap = undefined;
  }

  #fit(box: Box, events: readonly Sent[]): boolean {
    const { bound, overflow } = box.of;
    if (events.length > bound || (overflow === 'dropNewest' && this.#waitingEvents(box) + events.length > bound)) {
      const opens = box.endGap === undefined;
      box.endGap = joined(box.endGap, this.#dropped(box, events));
      if (opens) this.#tellGap(box, 'open', box.endGap);
      return false;
    }
    let opens = false;
    while (this.#waitingEvents(box) + events.length > bound) {
      const oldest = box.waiting.shift();
      if (oldest === undefined) break;
      const behind = box.waiting[0] === undefined ? box.endGap : box.waiting[0].gap;
      if (oldest.gap === undefined && behind === undefined) opens = true;
      const gap = joined(joined(oldest.gap, this.#dropped(box, oldest.events)), behind);
      if (box.waiting[0] === undefined) box.endGap = gap;
      else box.waiting[0].gap = gap;
    }
    this.#push(box, events);
    if (opens) this.#tellGap(box, 'open', box.waiting[0]?.gap);
    return true;
  }

  #loop(box: Box): void {
    if (box.looping) return;
    box.looping = true;
    while (box.state !== 'closed' && !box.inHand && !box.held && box.waiting.length > 0) {
      const first = box.waiting[0];
      if (first?.gap) {
        const { gap } = first;
        first.gap = undefined;
        this.#tellGap(box, 'total', gap);
        this.log.push(`${String(box.key)} missed ${String(gap.count)}`);
      } else if (first) {
        box.waiting.shift();
        this.#begin(box, first.events);
      }
    }
    box.looping = false;
    if (box.state === 'draining' && !box.gathered.length && !box.inHand && box.waiting.length === 0)
      this.#finallyClose(box);
  }

  #begin(box: Box, events: readonly Sent[]): void {
    box.inHand = events;
    box.starting = true;
    const outcome = this.#handle(box.key, events);
    box.starting = false;
    if (outcome === 'later' || outcome === 'instant' || outcome === 'instantFail') {
      if (box.state === 'closed') {
        // closed inside it: its work is not begun
        box.inHand = undefined;
        box.failed += events.length;
        this.#gone(box, events);
        return;
      }
      box.keeps = true;
      this.#level(box);
    }
    if (outcome === 'done' || outcome === 'instant') this.#finish(box, true);
    else if (outcome !== 'later') this.#finish(box, false);
  }

  #finish(box: Box, done: boolean): void {
    const events = box.inHand ?? [];
    box.inHand = undefined;
    this.log.push(`${String(box.key)} ${done ? 'done' : 'failed'} ${numbers(events)}`);
    if (done) box.delivered += events.length;
    else {
      box.failed += events.length;
      this.met.add('failure');
      this.#note(box, `Failed ${numbers(events)}`);
      if (box.of.required && box.of.onFailure === 'stop') {
        if (this.#busy) this.#stopping = true;
        else this.#stop();
      }
    }
    this.#level(box);
    if (box.state === 'closed') this.#gone(box, []);
    else this.#loop(box);
  }

  #level(box: Box): void {
    const pending = this.#waitingEvents(box) + (box.inHand?.length ?? 0);
    const mark = box.saturated ? Math.floor(box.of.bound / 2) + 1 : box.of.bound;
    // who works within the call keeps nothing, and is never full
    const saturated = box.of.required && box.keeps && box.state === 'open' && pending >= mark;
    if (saturated === box.saturated) return;
    box.saturated = saturated;
    if (saturated) this.met.add('saturation');
    this.#note(box, `${saturated ? 'Saturated' : 'Clear'} ${String(pending)}`);
  }

  // ── how it ends ──

  #close(box: Box, drains: boolean): void {
    if (box.state === 'closed' || (box.state === 'draining' && drains)) return;
    this.met.add('close');
    if (box.state === 'open') {
      if (this.#phase !== 'closed') {
        this.#members = this.#members.filter(other => other !== box);
        this.#freed.push(box.id);
      }
      this.#leaving.push(box);
    }
    box.state = drains ? 'draining' : 'closed';
    if (drains) {
      if (box.gathered.length === 0) this.#concludeDrain(box);
    } else this.#finallyClose(box);
  }

  #concludeDrain(box: Box): void {
    box.held = false;
    this.#level(box);
    this.#loop(box);
  }

  #finallyClose(box: Box): void {
    box.state = 'closed';
    if (box.gathered.length > 0) {
      box.offered += box.gathered.length;
      this.#drop(box, box.gathered);
      box.gathered = [];
    }
    const left = box.waiting.flatMap(({ events }) => events);
    const gaps = [...box.waiting.map(({ gap }) => gap), box.endGap];
    box.waiting = [];
    box.endGap = undefined;
    let unfinished: readonly Sent[] = [];
    if (box.inHand && !box.starting) {
      unfinished = box.inHand;
      box.failed += unfinished.length;
      box.inHand = undefined;
      this.log.push(`${String(box.key)} cut ${numbers(unfinished)}`);
    }
    this.#level(box);
    for (const gap of gaps) if (gap) this.#tellGap(box, 'total', gap);
    if (left.length > 0) this.#drop(box, left);
    if (!box.starting) this.#gone(box, unfinished);
  }

  #shutDown(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    const unsent = this.#queue.flatMap(unit => unit);
    this.#queue = [];
    for (const box of this.#members) {
      const its = unsent.filter(event => !box.skipping && this.#asks(box, event));
      box.offered += its.length;
      if (its.length > 0) this.#drop(box, its);
    }
    for (const box of [...this.#members, ...this.#leaving]) this.#close(box, false);
  }

  #haltIfStopping(): void {
    if (!this.#stopping) return;
    this.#stopping = false;
    this.#halted = true;
    this.#stop();
  }

  #stop(): void {
    if (this.#phase !== 'closed') this.#stopped = true;
    this.#shutDown();
  }

  #closeIfDrained(): void {
    if (this.#phase !== 'draining' || this.#busy) return;
    const boxes = [...this.#members, ...this.#leaving];
    if (boxes.every(box => !box.inHand && box.waiting.length === 0)) this.#shutDown();
  }

  #gone(box: Box, unfinished: readonly Sent[]): void {
    if (box.gone) return;
    box.gone = true;
    this.#leaving = this.#leaving.filter(other => other !== box);
    this.#note(box, `Closed ${this.#row(box).tally.join(' ')} unfinished ${numbers(unfinished)}`);
  }

  #dropped(box: Box, events: readonly Sent[]): Gap {
    this.met.add('drop');
    box.dropped += events.length;
    return { count: events.length, first: events[0]?.n ?? 0, last: events.at(-1)?.n ?? 0 };
  }

  #drop(box: Box, events: readonly Sent[]): void {
    box.dropped += events.length;
    this.#note(box, `Dropped closed ${String(events.length)} ${String(events[0]?.n)}..${String(events.at(-1)?.n)}`);
  }

  #tellGap(box: Box, what: 'open' | 'total', gap: Gap | undefined): void {
    if (gap) this.#note(box, `Dropped ${what} ${String(gap.count)} ${String(gap.first)}..${String(gap.last)}`);
  }

  #note(box: Box, notice: string): void {
    this.#notices[box.key]?.push(notice);
  }

  #asks(box: Box, event: Sent): boolean {
    return box.of.types === undefined || box.of.types.includes(event.type);
  }

  #waitingEvents(box: Box): number {
    return box.waiting.reduce((sum, { events }) => sum + events.length, 0);
  }

  #row(box: Box): Row {
    const pending = this.#waitingEvents(box) + (box.inHand?.length ?? 0);
    const { id, key, saturated, offered, delivered, failed, dropped, skipped } = box;
    return { id, key, saturated, tally: [offered, delivered, failed, dropped, skipped, pending] };
  }

  #box(key: number): Box | undefined {
    return this.#all[key - 1];
  }

  #refuse(): void {
    if (this.#phase !== 'open') throw new Error(this.#stopped ? 'BrokerStoppedError' : 'BrokerClosedError');
  }

  get #saturated(): boolean {
    return this.#members.some(({ saturated }) => saturated);
  }
}
