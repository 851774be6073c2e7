import type { DeliveryTap } from '../flow/contract/DeliveryTap.js';
import type { Seen } from '../flow/contract/FlowTap.js';
import type { Gap } from '../flow/contract/Gap.js';
import type { Happened } from './Happened.js';
import { MAX_LENGTH, type RecordedSubscriber } from './InspectRecord.js';
import { Numbers } from './Numbers.js';

/** Receives what has happened to a consumer, without the time. */
export type Report = (happened: Omit<Happened, 'at' | 'paused'>) => void;

/** The reason of a delivery whose work was unsubscribed. */
const CUT = 'closed during its work';

/** The reason of an event that failed without a try. */
const BEHIND = 'parked behind events of its key';

/**
 * Reports what happens to the events that are offered to one consumer.
 *
 * CT1  backlog = pending at the start + offered - ended - failed - dropped, in events.
 */
export class ConsumerTap<U, E> implements DeliveryTap<U, E> {
  readonly who: RecordedSubscriber;
  isSaturated: boolean;
  backlog: number;
  readonly #seen: Seen<U, E>;
  readonly #report: Report;
  /** The number of the event that is being dispatched, or that has reached the operator, if it has one. */
  readonly #number: () => number | undefined;
  readonly #isOperator: boolean;
  readonly #closed: () => void;
  readonly #numbers = new Numbers<E>();
  #isHeld: boolean;

  constructor(
    seen: Seen<U, E>,
    report: Report,
    number: () => number | undefined,
    isOperator: boolean,
    closed: () => void,
  ) {
    const { id, key, name } = seen.who;
    this.who = { id, key, name: name.slice(0, MAX_LENGTH), required: seen.required };
    this.isSaturated = seen.saturated;
    this.backlog = seen.pending;
    this.#isHeld = seen.held;
    this.#seen = seen;
    this.#report = report;
    this.#number = number;
    this.#isOperator = isOperator;
    this.#closed = closed;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get seen(): Seen<unknown, unknown> {
    return this.#seen as unknown as Seen<unknown, unknown>;
  }

  offered(unit: U): void {
    const events = this.#events(unit);
    if (this.#isOperator) this.#add(events[0]!);
    this.backlog += events.length;
    this.#say('offered', events, this.#numbers.newest(events[0]!));
  }

  skipped(event: E): void {
    this.#say('skipped', [event], this.#number());
  }

  began(unit: U, attempt: number): void {
    const events = this.#events(unit);
    const [first] = events.map(event => this.#numbers.begin(event, attempt === 1));
    this.#say('began', events, first, attempt === 1 ? {} : { attempt });
  }

  retrying(unit: U, attempt: number, error: unknown): void {
    const events = this.#events(unit);
    this.#say('retrying', events, this.#numbers.of(events[0]!), {
      ...(attempt === 1 ? {} : { attempt }),
      why: { error },
    });
  }

  ended(unit: U, outcome: 'delivered' | 'failed' | 'cut' | 'taken' | 'untried', error?: unknown): void {
    const events = this.#events(unit);
    const [first] = events.map(event => this.#numbers.take(event, outcome === 'untried' ? 'waiting' : 'inHand'));
    this.backlog -= events.length;
    if (outcome === 'delivered') this.#say('ended', events, first);
    else
      this.#say('failed', events, first, { why: outcome === 'cut' ? CUT : outcome === 'untried' ? BEHIND : { error } });
  }

  dropped(events: readonly E[], reason: Gap<E>['reason'], isNewest: boolean): void {
    const [first] = events.map(event => this.#numbers.take(event, isNewest ? 'newest' : 'waiting'));
    this.backlog -= events.length;
    if (reason === 'superseded') this.#say('superseded', events, first);
    else this.#say('dropped', events, first, { why: reason });
  }

  refused(events: readonly E[]): void {
    const [first] = events.map(event => this.#numbers.take(event, 'newest'));
    this.backlog += events.length;
    this.#say('offered', events, first);
    this.backlog -= events.length;
    this.#say('dropped', events, first, { why: 'closed' });
  }

  held(level: boolean): void {
    if (level === this.#isHeld) return;
    this.#isHeld = level;
    this.say(level ? 'held' : 'released');
  }

  closed(): void {
    this.say('closed');
    this.#closed();
  }

  wrapped(handler: (event: E) => unknown, mode: 'called' | 'skipped' | 'handed'): (event: E) => unknown {
    if (mode === 'skipped')
      return event => {
        this.skipped(event);
        return undefined;
      };
    if (mode === 'handed')
      return event => {
        this.#add(event);
        return handler(event);
      };
    // if the call throws or returns something, the broker reports the outcome
    return event => {
      this.#add(event);
      this.offered(event as unknown as U);
      this.began(event as unknown as U, 1);
      const result = handler(event);
      if (result === undefined) this.ended(event as unknown as U, 'delivered');
      return result;
    };
  }

  /** Reports something about the consumer, or about the event in `about`. */
  say(kind: Happened['kind'], more: Partial<Happened> = {}): void {
    this.#report({ kind, who: this.who, backlog: this.backlog, ...more });
  }

  /** The number of a pending event, if it is known. */
  numberOf(event: unknown): number | undefined {
    return this.#numbers.of(event as E);
  }

  #add(event: E): void {
    this.#numbers.add(event, this.#number());
  }

  #events(unit: U): readonly E[] {
    return this.#seen.measure.events(unit);
  }

  #say(
    kind: Happened['kind'],
    events: readonly E[],
    number: number | undefined,
    more: Pick<Happened, 'attempt' | 'why'> = {},
  ): void {
    const count = events.length;
    this.say(kind, { event: number, about: { event: events[0] }, ...(count === 1 ? {} : { count }), ...more });
  }
}
