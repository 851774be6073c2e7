import {
  BehaviorSubject,
  defer,
  of,
  Subject,
  tap,
  throwError,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import {
  eventBroker,
  type BrokerSnapshot,
  type BrokerSubscription,
  type EventBroker,
  type Notice,
  type Subscriber,
} from 'rx-event-broker';
import { numbers, type Member, type Outcome, type Row, type Sent, type View, type World } from './World.js';

/** The broker itself, driven and seen as its model is. */
export class RealBroker implements World {
  readonly log: string[] = [];
  /** Whether tallies are looked at inside every delivery. */
  checks = true;
  #drained = false;
  #closed = false;
  readonly #broker: EventBroker<Sent>;
  readonly #handle: (key: number, events: readonly Sent[]) => Outcome;
  readonly #notices: Record<number, string[]> = {};
  readonly #work = new Map<number, { readonly subject: Subject<void>; readonly events: readonly Sent[] }>();
  readonly #members: {
    readonly subscription: () => BrokerSubscription;
    readonly skip$: Subject<boolean>;
    readonly hold$: Subject<boolean>;
    readonly closed$: Subject<void>;
  }[] = [];

  constructor(maxPending: number, handle: (key: number, events: readonly Sent[]) => Outcome) {
    this.#handle = handle;
    this.#broker = eventBroker<Sent>({ maxPending });
    this.#broker.notices$.subscribe(notice => {
      if ('subscriber' in notice) (this.#notices[notice.subscriber.key] ??= []).push(textOf(notice));
    });
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
    const start = (events: readonly Sent[]): Observable<unknown> | undefined => this.#start(key, events);
    const subscriber = {
      types: member.types,
      drainOnClose: member.drainOnClose,
      stallAfter: Infinity,
      skip$,
      closed$,
      ...(member.holds ? { hold$ } : {}),
      ...(member.retry === undefined ? {} : { retry: { count: member.retry } }),
      ...(member.required
        ? { required: true, highWaterMark: member.bound, onFailure: member.onFailure }
        : {
            required: false,
            capacity: member.bound,
            overflow: member.overflow,
            missed: ({ count }: { readonly count: number }) => this.log.push(`${String(key)} missed ${String(count)}`),
          }),
      ...(member.batch ? { nextBatch: start } : { next: (event: Sent) => start([event]) }),
    } as unknown as Subscriber<Sent, Sent['type']>;
    const subscription = this.#broker.subscribe(subscriber);
    this.#members.push({ subscription: () => subscription, skip$, hold$, closed$ });
  }

  acknowledge(key: number): void {
    const work = this.#work.get(key);
    if (work === undefined) return;
    this.#work.delete(key);
    this.log.push(`${String(key)} done ${numbers(work.events)}`);
    work.subject.complete();
  }

  fail(key: number): void {
    const work = this.#work.get(key);
    if (work === undefined) return;
    this.#work.delete(key);
    this.log.push(`${String(key)} failed ${numbers(work.events)}`);
    work.subject.error(new Error('failed'));
  }

  unsubscribe(key: number): void {
    this.#members[key - 1]?.subscription().unsubscribe();
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
    return { sent, unrouted, saturated, rows, notices: this.#notices };
  }

  #start(key: number, events: readonly Sent[]): Observable<unknown> | undefined {
    if (this.checks) this.#checkTallies();
    const outcome = this.#handle(key, events);
    const name = numbers(events);
    const log = (what: string): void => void this.log.push(`${String(key)} ${what} ${name}`);
    switch (outcome) {
      case 'done':
        log('done');
        return undefined;
      case 'throw':
        log('failed');
        throw new Error('thrown');
      case 'instant':
        return this.#begun(() => log('done'), of(1));
      case 'instantFail':
        return this.#begun(
          () => log('failed'),
          throwError(() => new Error('failed')),
        );
      case 'later': {
        const subject = new Subject<void>();
        return this.#begun(() => {
          this.#work.set(key, { subject, events });
        }, subject).pipe(whenCut(() => this.#work.delete(key) && log('cut')));
      }
    }
  }

  #begun(then: () => void, work$: Observable<unknown>): Observable<unknown> {
    return whenSubscribed(then)(work$);
  }

  /** The identity holds at every instant (C1): looked at inside every delivery. */
  #checkTallies(): void {
    for (const { key, tally } of this.look().rows) {
      const [offered, ...parts] = tally;
      if (offered !== parts.reduce((sum, part) => sum + part, 0) || parts.some(part => part < 0))
        throw new Error(`the tally of ${String(key)} does not add up: ${tally.join(' ')}`);
    }
  }
}

const whenSubscribed =
  (then: () => void) =>
  <T>(source$: Observable<T>): Observable<T> =>
    defer(() => {
      then();
      return source$;
    });

const whenCut = (then: () => void): MonoTypeOperatorFunction<unknown> => tap({ unsubscribe: then });

const textOf = (notice: Notice<Sent>): string => {
  switch (notice.type) {
    case 'Dropped': {
      const how = notice.reason === 'closed' ? 'closed' : notice.open ? 'open' : 'total';
      return `Dropped ${how} ${String(notice.count)} ${String(notice.first.n)}..${String(notice.last.n)}`;
    }
    case 'Failed':
      return `Failed ${numbers(notice.events)} after ${String(notice.attempts)}`;
    case 'Saturated':
    case 'Clear':
      return `${notice.type} ${String(notice.pending)}`;
    case 'Closed': {
      const { offered, delivered, failed, dropped, skipped, pending } = notice.tally;
      const tally = [offered, delivered, failed, dropped, skipped, pending].join(' ');
      return `Closed ${tally} unfinished ${numbers(notice.unfinished)}`;
    }
    default:
      return notice.type;
  }
};
