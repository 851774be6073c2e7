import {
  BehaviorSubject,
  config,
  defer,
  map,
  Observable,
  Subject,
  Subscription,
  throwError,
  type Subscriber as RxSubscriber,
} from 'rxjs';
import {
  eventBroker,
  gather,
  keepLatestBy,
  lanes,
  replay,
  type BrokerSnapshot,
  type BrokerSubscription,
  type EventBroker,
  type Notice,
  type Settlement,
  type Subscriber,
} from 'rx-event-broker';
import { NAMES, thrownInTurn } from './odd.js';
import { RealTaking } from './RealTaking.js';
import { getterThrows, returned, thenThrows, torn, type Hooks, type Waiting } from './returned.js';
import type { Again } from './Taking.js';
import {
  bytesOf,
  keyOf,
  numbers,
  wasLast,
  type Answers,
  type Console,
  type Handle,
  type Keeps,
  type Level,
  type Listening,
  type Member,
  type Mode,
  type Row,
  type Sent,
  type Shape,
  type Tears,
  type View,
  type World,
} from './World.js';

/** Work that is waited for: of which call, on which events. */
interface RealWork extends Waiting {
  readonly what: string;
  readonly name: string;
}

/** The broker itself, driven and seen as its model is. */
export class RealBroker implements World {
  readonly log: string[] = [];
  /** Whether tallies are looked at inside every delivery. */
  checks = true;
  #drained = false;
  #closed = false;
  readonly #broker: EventBroker<Sent>;
  /** For those who look at it from outside. */
  get broker(): EventBroker<Sent> {
    return this.#broker;
  }

  readonly #handle: Handle;
  readonly #tears: Tears;
  readonly #notices: Record<number, string[]> = {};
  /** By key, in the order in which it began. */
  readonly #work = new Map<number, RealWork[]>();
  readonly #thrown = thrownInTurn();
  readonly #taking: RealTaking;
  #isObserving = true;
  #observing = new Subscription();
  #console: Console = 'works';
  #source: RxSubscriber<Sent> | undefined;
  #settlement: Settlement | undefined;
  #settled: [number, boolean] | undefined;
  readonly #received: Sent[] = [];
  readonly #receiving: Observable<unknown>;
  readonly #members: {
    readonly subscription: () => BrokerSubscription | undefined;
    readonly skip$: Subject<boolean>;
    readonly hold$: Subject<boolean>;
    readonly closed$: Subject<void>;
    readonly required: boolean;
    readonly isLate: boolean;
  }[] = [];

  constructor(maxPending: number, handle: Handle, take: Answers, tears: Tears, keeps: Keeps | undefined) {
    this.#handle = handle;
    this.#tears = tears;
    this.#taking = new RealTaking(
      {
        take,
        begun: (key, what, events) => this.#hooks(key, what, numbers(events)),
        start: (key, { mode, shape = 'observable' }, events) => this.#start(key, mode, shape, events),
        note: (key, notice) => this.#isObserving && (this.#notices[key] ??= []).push(textOf(notice)),
      },
      this.#keyOf,
    );
    this.#broker = eventBroker<Sent>({
      maxPending,
      sizeOf: event => bytesOf(event) ?? this.#throw(),
      ...(keeps && { replay: replay(this.#keepingOf(keeps)) }),
    });
    this.#receiving = this.#broker.receive(
      (_, settlement) =>
        new Observable(subscriber => {
          this.#source = subscriber;
          this.#settled = undefined;
          this.#settlement = settlement;
        }),
    );
    this.observe(true);
  }

  /** Calls it with a console of ours. */
  within<T>(call: () => T): T {
    const { error } = console;
    console.error = this.#write;
    try {
      return call();
    } finally {
      console.error = error;
    }
  }

  send(event: Sent): boolean {
    return this.#broker.send(event);
  }

  sendBatch(events: readonly Sent[]): boolean {
    return this.#broker.sendBatch(events);
  }

  subscribe(member: Member): void {
    const key = this.#members.length + 1;
    const skip$ = new BehaviorSubject(false);
    const hold$ = new Subject<boolean>();
    const closed$ = new Subject<void>();
    const shape = member.shape ?? 'observable';
    let isIn = false;
    let subscription: BrokerSubscription | undefined;
    const start = (events: readonly Sent[]): unknown => this.#start(key, member.mode, shape, events);
    const level = <T>(what: Level, level$: Observable<T>): Observable<T> => {
      const followed$ = defer(() => {
        isIn = true;
        return member.breaks === what ? throwError(() => this.#thrown()) : level$;
      });
      return member.levelsTear === true ? torn(followed$, this.#thrown) : followed$;
    };
    const missed = ({ count }: { readonly count?: number }): void => {
      this.log.push(`${key} missed ${count ?? 'expired'}`);
      if (member.missedThrows === true) this.#throw();
    };
    const subscriber = {
      types: member.types,
      drainOnClose: member.drainOnClose,
      stallAfter: Infinity,
      skip$: level('skip', skip$),
      closed$: level('closed', closed$),
      ...(member.holds ? { hold$: level('hold', hold$) } : {}),
      ...(member.oddName === true ? { name: NAMES[key % NAMES.length] } : {}),
      ...(member.retry === undefined ? {} : { retry: { count: member.retry } }),
      ...gatherOf(member),
      ...(member.required
        ? {
            required: true,
            highWaterMark: member.bound,
            highWaterMarkBytes: member.bytes,
            onFailure: member.onFailure,
            ...this.#lanesOf(member),
            ...(member.takes && this.#taking.optionsOf(key, member)),
          }
        : {
            required: false,
            capacity: member.bound,
            capacityBytes: member.bytes,
            overflow: member.overflow === 'keepLatest' ? keepLatestBy(this.#keyOf) : member.overflow,
          }),
      ...(member.required && (member.since === undefined || member.since === 'replay') ? {} : { missed }),
      ...this.#sinceOf(member),
      ...(member.batch ? { nextBatch: start } : { next: (event: Sent) => start([event]) }),
    } as unknown as Subscriber<Sent, Sent['type']>;
    const { required, since } = member;
    this.#members.push({
      subscription: () => subscription,
      skip$,
      hold$,
      closed$,
      required,
      isLate: since !== undefined,
    });
    try {
      subscription = this.#broker.subscribe(subscriber);
    } catch (error) {
      // a replay that stops the broker throws, too: then it was in
      if (!isIn) this.#members.pop();
      throw error;
    }
  }

  acknowledge(key: number, nth = 0): void {
    const work = this.#take(key, nth);
    if (work === undefined) return;
    this.log.push(`${key} ${work.what}done ${work.name}`);
    work.done();
  }

  fail(key: number, nth = 0, isFull = false): void {
    const work = this.#take(key, nth);
    if (work === undefined) return;
    this.log.push(`${key} ${work.what}failed ${work.name}`);
    work.failed(isFull ? this.#taking.full : this.#thrown());
  }

  again(again: Again): void {
    this.#taking.again(again);
  }

  discard(id: number): void {
    void this.#taking.parking.discard([String(id)]);
  }

  parked(): Promise<readonly string[]> {
    return this.#taking.look();
  }

  /** Everything that waits for Promises alone happens. */
  async turn(): Promise<void> {
    const { error } = console;
    console.error = this.#write;
    await new Promise(resolve => setImmediate(resolve));
    console.error = error;
  }

  unsubscribe(key: number): void {
    this.#taking.leave(key);
    this.#members[key - 1]?.subscription()?.unsubscribe();
  }

  closed(key: number): void {
    this.#members[key - 1]?.closed$.next();
  }

  skip(key: number, level: boolean): void {
    this.#members[key - 1]?.skip$.next(level);
  }

  hold(key: number, level: boolean): void {
    this.#members[key - 1]?.hold$.next(level);
  }

  drain(): void {
    // the last snapshot comes either way: of what was delivered, or of what was cut off
    const snapshots: BrokerSnapshot[] = [];
    this.#broker.drain().subscribe({
      next: snapshot => {
        snapshots.push(snapshot);
        this.#drained = true;
      },
      error: () => this.log.push('drain stopped'),
      complete: () => this.log.push(`drain ${this.#closed ? 'closed' : 'drained'}`.repeat(snapshots.length)),
    });
  }

  close(): void {
    this.#closed ||= !this.#drained;
    this.#broker.close();
  }

  receive(): void {
    if (this.#source?.closed === false) return;
    this.#receiving.subscribe({ error: () => undefined });
  }

  read(): void {
    if (this.#source?.closed !== false || this.#settled !== undefined) return;
    const settled: [number, boolean] = [0, false];
    this.#settled = settled;
    this.#settlement?.settled$.subscribe({
      next: count => {
        settled[0] = count;
        this.#checkSettled(count);
      },
      complete: () => {
        settled[1] = true;
      },
    });
  }

  emit(event: Sent): void {
    if (this.#source?.closed !== false) return;
    this.#received.push(event);
    this.#source.next(event);
  }

  break(key: number, what: Level): void {
    this.#members[key - 1]?.[`${what}$`].error(this.#thrown());
  }

  observe(level: boolean): void {
    this.#isObserving = level;
    this.#observing.unsubscribe();
    if (!level) return;
    this.#observing = this.#broker.notices$.subscribe(notice => {
      if ('subscriber' in notice) (this.#notices[notice.subscriber.key] ??= []).push(textOf(notice));
    });
  }

  listen(how: Listening): void {
    const { notices$ } = this.#broker;
    if (how === 'operator') {
      notices$.pipe(map(() => this.#throw())).subscribe({ error: () => undefined });
      return;
    }
    // RxJS reports it later
    config.onUnhandledError ??= () => undefined;
    let thrown = false;
    notices$.subscribe(() => {
      if (thrown) return;
      thrown = true;
      this.#throw();
    });
  }

  console(how: Console): void {
    this.#console = how;
  }

  look(): View {
    const { sent, unrouted, saturated, subscribers } = this.#broker.snapshot();
    const rows = subscribers.map(
      ({ id, key, saturated: full, offered, delivered, failed, dropped, skipped, pending }): Row => ({
        id,
        key,
        saturated: full,
        tally: [offered, delivered, failed, dropped, skipped, pending],
      }),
    );
    return { sent, unrouted, saturated, rows, settled: this.#settled, notices: this.#notices };
  }

  #start(key: number, mode: Mode, shape: Shape, events: readonly Sent[]): unknown {
    if (this.checks) this.#checkTallies();
    // it may change what it is given
    const hooks = this.#hooks(key, '', numbers(events));
    const outcome = this.#handle(key, events, mode);
    switch (outcome) {
      case 'done':
        hooks.done();
        return undefined;
      case 'throw':
        hooks.failed();
        return this.#throw();
      case 'getterThrows':
        return getterThrows(hooks);
      case 'thenThrows':
        return thenThrows(hooks);
      default:
        return returned(shape, outcome, hooks);
    }
  }

  #hooks(key: number, what: string, events: string): Hooks {
    const name = `${what}${what && ' '}`;
    const log = (how: string): void => void this.log.push(`${key} ${name}${how} ${events}`);
    let work: RealWork | undefined;
    return {
      begun: waiting => {
        work = { ...waiting, what: name, name: events };
        this.#works(key).push(work);
      },
      done: () => log('done'),
      failed: () => log('failed'),
      cut: () => {
        const works = this.#works(key);
        const index = works.findIndex(one => one === work);
        if (index < 0) return;
        works.splice(index, 1);
        log('cut');
      },
      tears: () => this.#tears(key),
      error: this.#thrown,
    };
  }

  #works(key: number): RealWork[] {
    const works = this.#work.get(key) ?? [];
    this.#work.set(key, works);
    return works;
  }

  #take(key: number, nth: number): RealWork | undefined {
    const works = this.#works(key);
    return works.splice(nth % Math.max(1, works.length), 1)[0];
  }

  #lanesOf({ lanes: concurrency, batch, maxAhead }: Member): object {
    if (concurrency === undefined) return {};
    const bounds = { concurrency, ...(maxAhead !== undefined && { maxAhead }) };
    return { lanes: batch ? lanes(bounds) : lanes({ ...bounds, by: this.#keyOf }) };
  }

  #keepingOf({ events, bytes, byKey }: Keeps): object {
    return { events, ...(bytes !== undefined && { bytes }), ...(byKey && { keepLatestBy: this.#keyOf }) };
  }

  #sinceOf({ since }: Member): object {
    if (since === undefined) return {};
    return { since: since === 'replay' ? since : { after: (event: Sent) => wasLast(since, event) } };
  }

  readonly #keyOf = (event: Sent): number => keyOf(event) ?? this.#throw();

  #throw(): never {
    throw this.#thrown();
  }

  readonly #write = (words: string, error: unknown): void => {
    if (this.#console === 'throws' || (this.#console === 'picky' && typeof error !== 'string'))
      throw new Error('the console throws');
    this.log.push(`console ${words.endsWith('a teardown threw') ? 'teardown' : 'failed'}`);
  };

  /** At every instant: nobody who is required works on what is settled (K1). */
  #checkSettled(count: number): void {
    const settled = new Set(this.#received.slice(0, count).map(({ n }) => String(n)));
    for (const [key, works] of this.#work) {
      const member = this.#members[key - 1];
      // what is replayed to it may be settled; a thenable or a Promise of one that is closed cannot be cut off
      if (member?.required !== true || member.isLate || member.subscription()?.closed !== false) continue;
      for (const { name } of works)
        if (name.split(',').some(n => settled.has(n))) throw new Error(`${name} is settled, and ${key} works on it`);
    }
  }

  /** The identity holds at every instant (C1): looked at inside every delivery. */
  #checkTallies(): void {
    for (const { key, tally } of this.look().rows) {
      const [offered, ...parts] = tally;
      if (offered !== parts.reduce((sum, part) => sum + part, 0) || parts.some(part => part < 0))
        throw new Error(`the tally of ${key} does not add up: ${tally.join(' ')}`);
    }
  }
}

const gatherOf = ({ required, lanes: concurrency, gather: most, batch, bound }: Member): object =>
  !batch || most === undefined || (required && concurrency !== undefined)
    ? {}
    : { gather: gather({ maxSize: Math.min(most, bound) }) };

const textOf = (notice: Notice<Sent>): string => {
  switch (notice.type) {
    case 'Dropped': {
      const how = notice.reason === 'closed' ? 'closed' : notice.open ? 'open' : 'total';
      return `Dropped ${how} ${notice.count} ${notice.first.n}..${notice.last.n}`;
    }
    case 'Failed':
      return `Failed ${numbers(notice.events)} after ${notice.attempts}`;
    case 'Parked':
      return `${notice.isBehind ? 'Behind' : 'Parked'} ${numbers(notice.events)}`;
    case 'Saturated':
    case 'Clear':
      return `${notice.type} ${notice.pending}`;
    case 'Closed': {
      const { offered, delivered, failed, dropped, skipped, pending } = notice.tally;
      const tally = [offered, delivered, failed, dropped, skipped, pending].join(' ');
      return `Closed ${tally} unfinished ${numbers(notice.unfinished)}`;
    }
    default:
      return notice.type;
  }
};
