import { ModelQueue, type ModelGap } from './ModelQueue.js';
import { numbers, type Member, type Outcome, type Row, type Sent } from './World.js';

/** The broker around it. */
export interface ModelHost {
  readonly log: string[];
  /** What a run has met, to be counted. */
  readonly met: Set<string>;
  readonly handle: (key: number, events: readonly Sent[]) => Outcome;
  readonly note: (key: number, notice: string) => void;
  /** A delivery that must not fail has failed for good. */
  readonly stop: () => void;
  /** Nothing of it is left. */
  readonly left: (member: ModelMember) => void;
}

/** A subscriber and its mailbox: what waits, what is in hand, and what became of the rest. */
export class ModelMember {
  readonly id: number;
  readonly key: number;
  readonly of: Member;
  readonly #host: ModelHost;
  state: 'open' | 'draining' | 'closed' = 'open';
  skipping = false;
  held = false;
  saturated = false;
  /** Events of the batch that runs. */
  gathered: Sent[] = [];
  /** It has returned work before, or may hold: it keeps what it cannot begin. */
  keeps: boolean;
  readonly #queue = new ModelQueue();
  #inHand: readonly Sent[] | undefined;
  /** Tries of what is in hand. */
  #tries = 0;
  /** Its handler is on the stack. */
  #starting = false;
  #looping = false;
  #gone = false;
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
    this.keeps = of.holds;
  }

  get pending(): number {
    return this.#queue.events.length + (this.#inHand?.length ?? 0);
  }

  /** Work of it is waited for. */
  get works(): boolean {
    return this.#inHand !== undefined && !this.#starting;
  }

  get row(): Row {
    const { id, key, saturated, pending } = this;
    const tally = [this.#offered, this.#delivered, this.#failed, this.#dropped, this.#skipped, pending] as const;
    return { id, key, saturated, tally };
  }

  asks(event: Sent): boolean {
    return this.of.types === undefined || this.of.types.includes(event.type);
  }

  offer(events: readonly Sent[]): void {
    const idle = !this.#inHand && this.#queue.empty && !this.held;
    this.#offered += events.length;
    if (this.of.required || idle) this.#queue.push(events);
    else if (!this.#fit(events)) return;
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

  /** The work that is waited for ends. */
  ends(done: boolean): void {
    if (this.works) this.#ended(done);
  }

  loop(): void {
    if (this.#looping) return;
    this.#looping = true;
    while (this.state !== 'closed' && !this.#inHand && !this.held && !this.#queue.empty) {
      const gap = this.#queue.takeGap();
      if (gap) {
        this.#tellGap('total', gap);
        this.#host.log.push(`${String(this.key)} missed ${String(gap.count)}`);
      } else {
        this.#inHand = this.#queue.shift();
        this.#tries = 0;
        this.#try(this.#inHand);
      }
    }
    this.#looping = false;
    if (this.state === 'draining' && !this.gathered.length && this.pending === 0) this.#finallyClose();
  }

  close(drains: boolean): void {
    this.state = drains ? 'draining' : 'closed';
    if (!drains) this.#finallyClose();
    else if (this.gathered.length === 0) this.concludeDrain();
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
    return [state, held, skipping, saturated, keeps, inHand, this.#queue.state()];
  }

  #fit(events: readonly Sent[]): boolean {
    const { taken, dropped, opened } = this.#queue.fit(events, this.of.bound, this.of.overflow);
    this.#dropped += dropped;
    if (dropped > 0) this.#host.met.add('drop');
    if (opened) this.#tellGap('open', opened);
    return taken;
  }

  #try(events: readonly Sent[]): void {
    this.#tries++;
    this.#starting = true;
    const outcome = this.#host.handle(this.key, events);
    this.#starting = false;
    const throws = outcome === 'throw';
    const isWork = outcome === 'later' || outcome === 'instant' || outcome === 'instantFail';
    if (this.#inHand === undefined) {
      // closed inside a further try: that was cut off, and the work that it leaves behind is not begun
      if (!isWork) this.#log(throws ? 'failed' : 'done', events);
      return;
    }
    if (this.state === 'closed' && isWork) {
      // closed inside its first try: the same
      this.#inHand = undefined;
      this.#failed += events.length;
      this.#leave(events);
      return;
    }
    if (this.state !== 'closed' && (isWork || (throws && this.of.retry !== undefined))) {
      this.keeps = true;
      this.#level();
    }
    if (outcome !== 'later') this.#ended(outcome === 'done' || outcome === 'instant');
  }

  /** A try of what is in hand has ended. */
  #ended(done: boolean): void {
    const events = this.#inHand ?? [];
    this.#log(done ? 'done' : 'failed', events);
    if (!done && this.state !== 'closed' && this.#tries <= (this.of.retry ?? 0)) {
      this.#host.met.add('retry');
      this.#try(events);
    } else this.#finish(events, done);
  }

  #finish(events: readonly Sent[], done: boolean): void {
    this.#inHand = undefined;
    if (done) this.#delivered += events.length;
    else {
      this.#failed += events.length;
      this.#host.met.add('failure');
      this.#note(`Failed ${numbers(events)} after ${String(this.#tries)}`);
      if (this.of.required && this.of.onFailure === 'stop') this.#host.stop();
    }
    this.#level();
    if (this.state === 'closed') this.#leave([]);
    else this.loop();
  }

  #level(): void {
    const { pending } = this;
    const mark = this.saturated ? Math.floor(this.of.bound / 2) + 1 : this.of.bound;
    // who works within the call keeps nothing, and is never full
    const saturated = this.of.required && this.keeps && this.state === 'open' && pending >= mark;
    if (saturated === this.saturated) return;
    this.saturated = saturated;
    if (saturated) this.#host.met.add('saturation');
    this.#note(`${saturated ? 'Saturated' : 'Clear'} ${String(pending)}`);
  }

  #finallyClose(): void {
    this.state = 'closed';
    const { gathered } = this;
    this.gathered = [];
    this.refuse(gathered);
    const left = this.#queue.events;
    const gaps = this.#queue.clear();
    // from inside its own first try, it ends as that ends
    const returns = this.#starting && this.#tries === 1;
    const unfinished = returns ? [] : (this.#inHand ?? []);
    if (!returns) {
      this.#failed += unfinished.length;
      if (this.works) this.#log('cut', unfinished);
      this.#inHand = undefined;
    }
    this.#level();
    for (const gap of gaps) this.#tellGap('total', gap);
    this.#drop(left);
    if (!returns) this.#leave(unfinished);
  }

  #leave(unfinished: readonly Sent[]): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#host.left(this);
    this.#note(`Closed ${this.row.tally.join(' ')} unfinished ${numbers(unfinished)}`);
  }

  #drop(events: readonly Sent[]): void {
    if (events.length === 0) return;
    this.#dropped += events.length;
    this.#note(`Dropped closed ${String(events.length)} ${String(events[0]?.n)}..${String(events.at(-1)?.n)}`);
  }

  #tellGap(what: 'open' | 'total', { count, first, last }: ModelGap): void {
    this.#note(`Dropped ${what} ${String(count)} ${String(first)}..${String(last)}`);
  }

  #log(what: 'done' | 'failed' | 'cut', events: readonly Sent[]): void {
    this.#host.log.push(`${String(this.key)} ${what} ${numbers(events)}`);
  }

  #note(notice: string): void {
    this.#host.note(this.key, notice);
  }
}
