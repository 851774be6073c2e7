import { Observable, Subject, type Subscription } from 'rxjs';
import { eventBroker, gather, keepLatestBy, lanes, replay, type EventBroker } from 'rx-event-broker';

export interface Sent {
  readonly type: 'A' | 'B';
  readonly n: number;
}

/** A late subscriber as a test says it. */
export interface Late {
  readonly required: boolean;
  readonly types: readonly Sent['type'][];
  readonly batch: boolean;
  readonly strategy: 'none' | 'gather' | 'lanes' | 'dropOldest' | 'keepLatest';
  readonly capacity: number;
  /** Begins after the events whose number, divided by 5, leaves this; 5: `after` finds none; `undefined`: everything. */
  readonly after: number | undefined;
  readonly isSync: boolean;
  readonly holds: boolean;
  readonly drainOnClose: boolean;
}

export type Act =
  | { readonly do: 'send'; readonly types: readonly Sent['type'][]; readonly isBatch: boolean }
  | { readonly do: 'subscribe'; readonly late: Late }
  | { readonly do: 'acknowledge' | 'closed' | 'release'; readonly who: number }
  | { readonly do: 'drain' | 'close' };

/** An act, done now, or by `in` inside its next delivery. */
export type Step = Act | { readonly do: 'arm'; readonly in: number; readonly act: Act };

/** How much the broker keeps. */
export interface Kept {
  readonly events: number;
  readonly bytes: number | undefined;
  readonly isKeyed: boolean;
}

export const bytesOf = ({ n }: Sent): number => n % 4;
export const keyOf = ({ n }: Sent): number => n % 3;
/** Required subscribers hold no more than that. */
export const MAX_PENDING = 8;

/** What a late subscriber was told, in order: a delivery, a gap, or that its events have expired. */
export type Told = readonly Sent[] | { readonly count: number; readonly first: Sent; readonly last: Sent } | 'expired';

interface Member {
  readonly late: Late;
  readonly told: Told[];
  readonly closed$: Subject<void>;
  readonly hold$: Subject<boolean>;
  /** How many events had been dispatched when it subscribed. */
  readonly at: number;
  readonly work: Subject<void>[];
  isClosed: boolean;
  /** How many events had been dispatched when it was closed. */
  until: number;
}

/** A broker that keeps, and what was seen of it. */
export class ReplayRun {
  readonly broker: EventBroker<Sent>;
  /** Everything that was dispatched, in order, with the number of its call. */
  readonly dispatched: { readonly event: Sent; readonly call: number }[] = [];
  readonly members: Member[] = [];
  phase: 'open' | 'draining' | 'closed' = 'open';
  readonly #calls = new Map<number, number>();
  readonly #armed = new Map<number, Act[]>();
  readonly #draining: Subscription[] = [];
  #call = 0;
  #n = 0;

  constructor(kept: Kept) {
    const { isKeyed, events, bytes } = kept;
    this.broker = eventBroker<Sent>({
      maxPending: MAX_PENDING,
      sizeOf: bytesOf,
      replay: replay<Sent>({ events, ...(bytes && { bytes }), ...(isKeyed && { keepLatestBy: keyOf }) }),
    });
    // nothing comes between the first handler and it
    this.broker.subscribe({
      required: false,
      next: event => void this.dispatched.push({ event, call: this.#calls.get(event.n)! }),
    });
    this.broker.notices$.subscribe(notice => {
      if (notice.type !== 'Closed') return;
      const member = this.members[notice.subscriber.key - 2];
      if (member === undefined) return;
      member.isClosed = true;
    });
  }

  do(step: Step): void {
    if (step.do === 'arm') this.#armed.set(step.in, [...(this.#armed.get(step.in) ?? []), step.act]);
    else this.#act(step);
  }

  #act(act: Act): void {
    const { broker } = this;
    switch (act.do) {
      case 'send':
        this.#send(act.types, act.isBatch);
        break;
      case 'subscribe':
        if (this.phase === 'open') this.#subscribe(act.late);
        break;
      case 'acknowledge':
        this.members[act.who]?.work.shift()?.complete();
        break;
      case 'release':
        this.members[act.who]?.hold$.next(false);
        break;
      case 'closed':
        this.#leaves(this.members[act.who]);
        this.members[act.who]?.closed$.next();
        break;
      case 'drain':
        if (this.phase === 'open') this.phase = 'draining';
        this.#draining.push(broker.drain().subscribe(() => (this.phase = 'closed')));
        break;
      case 'close':
        this.phase = 'closed';
        for (const member of this.members) this.#leaves(member);
        broker.close();
    }
  }

  #leaves(member: Member | undefined): void {
    if (member?.until === Infinity) member.until = this.dispatched.length;
  }

  #send(types: readonly Sent['type'][], isBatch: boolean): void {
    const events = types.map((type): Sent => ({ type, n: ++this.#n }));
    const calls = isBatch ? [events] : events.map(event => [event]);
    for (const call of calls) {
      this.#call++;
      for (const { n } of call) this.#calls.set(n, this.#call);
      try {
        if (isBatch) this.broker.sendBatch(call);
        else this.broker.send(call[0]!);
      } catch (error) {
        const { name } = error as Error;
        if (name !== 'BacklogFullError' && name !== 'BrokerClosedError') throw error;
      }
    }
  }

  #subscribe(late: Late): void {
    const who = this.members.length;
    const told: Told[] = [];
    const member: Member = {
      late,
      told,
      closed$: new Subject(),
      hold$: new Subject(),
      at: this.dispatched.length,
      work: [],
      isClosed: false,
      until: Infinity,
    };
    this.members.push(member);
    const start = (events: readonly Sent[]): unknown => {
      told.push([...events]);
      for (const act of this.#armed.get(who)?.splice(0, 1) ?? []) this.#act(act);
      if (late.isSync) return undefined;
      const work$ = new Subject<void>();
      member.work.push(work$);
      return new Observable(subscriber => {
        subscriber.add(work$.subscribe(subscriber));
        return () => {
          const index = member.work.indexOf(work$);
          if (index >= 0) member.work.splice(index, 1);
        };
      });
    };
    const { after } = late;
    const hold$ = new Observable<boolean>(subscriber => {
      if (late.holds) subscriber.next(true);
      subscriber.add(member.hold$.subscribe(subscriber));
    });
    this.broker.subscribe({
      types: late.types,
      since: after === undefined ? 'replay' : { after: ({ n }: Sent) => n % 5 === after },
      closed$: member.closed$,
      drainOnClose: late.drainOnClose,
      stallAfter: Infinity,
      missed: (gap: { readonly reason: string }) => told.push(gap.reason === 'expired' ? 'expired' : (gap as never)),
      ...(late.holds ? { hold$ } : {}),
      ...this.#delivery(late),
      ...(late.batch ? { nextBatch: start } : { next: (event: Sent) => start([event]) }),
    } as never);
  }

  #delivery({ required, strategy, capacity, batch }: Late): object {
    const gathers = batch && strategy === 'gather' ? { gather: gather({ maxSize: 2 }) } : {};
    if (required) {
      const inLanes = strategy === 'lanes' ? { lanes: lanes({ concurrency: 2 }) } : {};
      return { required, highWaterMark: 2, ...gathers, ...inLanes };
    }
    const overflow = strategy === 'keepLatest' ? keepLatestBy(keyOf) : strategy === 'dropOldest' ? strategy : undefined;
    const bound = 'gather' in gathers ? Math.max(2, capacity) : capacity;
    return { required, capacity: bound, ...(overflow && { overflow }), ...gathers };
  }
}
