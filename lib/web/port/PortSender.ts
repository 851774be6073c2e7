import { Observable, Subscription, type Subscriber } from 'rxjs';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { PortProtocolError } from './errors.js';
import { listenTo, postTo, unusable } from './listenTo.js';
import type { PortLike } from './PortLike.js';
import type { FromSink, FromSource, PortGap } from './PortMessage.js';

/** A value with its pending work. */
interface Entry {
  readonly value: unknown;
  readonly work: Subscriber<never>;
  /** The number of the value in the session in which it was sent. */
  number: number;
}

/**
 * The sending side of a port. It sends values while it has credit from the other side.
 *
 *     waiting ──► credit? ──► sent ──► settled: its work completes       required
 *        ▲                     │  └──► its work completes immediately    optional
 *        └── the source left ──┘
 *
 * PS1  Values are sent in order, numbered from 1 in each session, and never beyond the credit.
 * PS2  Values that were not settled when a session ended are sent first in the next one.
 * PS3  A value that cannot be cloned fails alone, and becomes a gap for the other side.
 */
export class PortSender {
  readonly #port: PortLike;
  readonly #channel: string;
  readonly #isRequired: boolean;
  readonly #sent = new RingBuffer<Entry>();
  #waiting = new RingBuffer<Entry>();
  #gaps: PortGap[] = [];
  #listening: Subscription | undefined;
  readonly #session = { name: undefined as string | undefined, number: 0, credit: 0 };
  #failure: { readonly error: unknown } | undefined;
  #onFailure: (error: unknown) => void = () => undefined;

  constructor(port: PortLike, channel: string, isRequired: boolean) {
    this.#port = port;
    this.#channel = channel;
    this.#isRequired = isRequired;
  }

  /** Starts to listen, once. `onFailure` is called when the other side has gone. */
  start(onFailure?: (error: unknown) => void): void {
    if (onFailure !== undefined) {
      this.#onFailure = onFailure;
      if (this.#failure !== undefined) onFailure(this.#failure.error);
    }
    if (this.#listening !== undefined) return;
    this.#listening = Subscription.EMPTY;
    try {
      this.#listening = listenTo<FromSource>(this.#port, this.#channel, 'source', {
        message: message => this.#take(message),
        error: error => this.#fail(error),
      });
      this.#post({ kind: 'hello', required: this.#isRequired });
    } catch (cause) {
      this.#fail(unusable(cause));
    }
  }

  /** Returns work that completes when the value was sent, or, for a required sink, when it is settled. */
  send(value: unknown): Observable<never> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error as Error;
    if (!this.#isRequired && this.#mayPost) {
      this.#postValue(value);
      return undefined;
    }
    return new Observable(work => {
      if (this.#failure !== undefined) {
        work.error(this.#failure.error);
        return;
      }
      this.#waiting.push({ value, work, number: 0 });
      this.#flush();
    });
  }

  /** Adds a gap, which is sent with the next value. */
  miss(gap: PortGap): void {
    const last = this.#gaps.at(-1);
    if (last?.reason !== gap.reason) this.#gaps.push(gap);
    // merged, because any number of gaps may come before the next value can be sent
    else this.#gaps[this.#gaps.length - 1] = { ...last, ...gap, ...firstOf(last), count: last.count + gap.count };
  }

  /** Ends the stream. An optional sink also sends its last gaps: the values that wait for credit, and then `unreported`. */
  end(unreported: readonly PortGap[]): void {
    this.#onFailure = () => undefined;
    if (this.#listening === undefined) return;
    if (!this.#isRequired) {
      for (const { value } of liveOf(this.#waiting))
        this.miss({ count: 1, reason: 'closed', first: value, last: value });
      for (const gap of unreported) this.miss(gap);
    }
    const unsettled = this.#isRequired ? liveOf(this.#sent).length + liveOf(this.#waiting).length : 0;
    try {
      if (this.#failure === undefined)
        this.#postWithGaps(gaps => (unsettled > 0 ? { kind: 'closed', unsettled } : { kind: 'complete', gaps }));
    } finally {
      this.#listening.unsubscribe();
    }
  }

  get #mayPost(): boolean {
    return (
      this.#session.name !== undefined && this.#session.number < this.#session.credit && this.#waiting.length === 0
    );
  }

  #take(message: FromSource): void {
    const session = this.#session;
    switch (message.kind) {
      case 'open':
        if (message.session === session.name) return;
        this.#requeue();
        Object.assign(session, { name: message.session, number: 0, credit: message.credit });
        break;
      case 'left':
        if (message.session !== session.name) return;
        this.#requeue();
        session.name = undefined;
        return;
      case 'progress':
        if (message.session !== session.name) return;
        if (message.settled > session.number) {
          this.#fail(new PortProtocolError(`expected at most ${session.number} settled values`, message.settled));
          return;
        }
        session.credit = message.credit;
        this.#settle(message.settled);
        break;
    }
    this.#flush();
  }

  #settle(upTo: number): void {
    for (let first = this.#sent.at(0); first !== undefined && first.number <= upTo; first = this.#sent.at(0)) {
      this.#sent.shift();
      first.work.complete();
    }
  }

  #flush(): void {
    const session = this.#session;
    while (session.name !== undefined && session.number < session.credit && this.#waiting.length > 0) {
      const entry = this.#waiting.shift()!;
      if (entry.work.closed) continue;
      try {
        this.#postValue(entry.value);
      } catch (error) {
        entry.work.error(error);
        continue;
      }
      entry.number = session.number;
      if (this.#isRequired) this.#sent.push(entry);
      else entry.work.complete();
    }
  }

  #postValue(value: unknown): void {
    const session = this.#session;
    const number = session.number + 1;
    try {
      this.#postWithGaps(gaps => ({ kind: 'value', session: session.name!, number, value, gaps }));
    } catch (error) {
      this.miss({ count: 1, reason: 'failed' });
      throw error;
    }
    session.number = number;
  }

  /** If the events in the gaps cannot be cloned, the gaps are sent without them. */
  #postWithGaps(messageOf: (gaps: readonly PortGap[]) => FromSink): void {
    try {
      this.#post(messageOf(this.#gaps));
    } catch (error) {
      if (this.#gaps.length === 0) throw error;
      this.#post(messageOf(this.#gaps.map(({ count, reason }) => ({ count, reason }))));
    }
    this.#gaps = [];
  }

  #post(message: FromSink): void {
    postTo(this.#port, this.#channel, 'sink', message);
  }

  #requeue(): void {
    const waiting = new RingBuffer<Entry>();
    for (const queue of [this.#sent, this.#waiting])
      for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) waiting.push(entry);
    this.#waiting = waiting;
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#requeue();
    for (let entry = this.#waiting.shift(); entry !== undefined; entry = this.#waiting.shift()) entry.work.error(error);
    this.#onFailure(error);
  }
}

const firstOf = (gap: PortGap): Partial<PortGap> => ('first' in gap ? { first: gap.first } : {});

/** The entries whose work was not cancelled. */
const liveOf = (queue: RingBuffer<Entry>): readonly Entry[] =>
  Array.from({ length: queue.length }, (_, i) => queue.at(i)!).filter(({ work }) => !work.closed);
