import { Subscription } from 'rxjs';
import { catchRejection } from '../../flow/catchRejection.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { PortClosedError, PortProtocolError } from './errors.js';
import { listenTo, postTo, unusable } from './listenTo.js';
import type { PortLike } from './PortLike.js';
import type { FromSink, FromSource, PortGap } from './PortMessage.js';

type Value = Extract<FromSink, { readonly kind: 'value' }>;

/** Who gets what comes. */
interface Consumer {
  readonly value: (value: unknown, token: readonly [string, number]) => void;
  readonly missed: (gap: PortGap) => unknown;
  readonly isOpen: () => boolean;
  readonly complete: () => void;
  readonly error: (error: unknown) => void;
}

/**
 * The receiving side of a port, for one subscription.
 *
 *     value ──► [ waiting ] ──► not paused ──► given ──► settled
 *                                               └ credit  └ progress, once a microtask
 *
 * PR1  At most `credit` values wait: the sink has no credit for more, and one that sends more is an error.
 * PR2  Values of a session are numbered from 1, without a gap. Those of another session are ignored.
 */
export class PortReceiver {
  readonly #port: PortLike;
  readonly #channel: string;
  readonly #credit: number;
  readonly #to: Consumer;
  readonly #waiting = new RingBuffer<Value>();
  #listening = Subscription.EMPTY;
  /** Of the current session: what was received, given and settled, and what the sink knows. */
  #session = { name: newName(), received: 0, given: 0, settled: 0 };
  #isPaused = false;
  #isGiving = false;
  #isProgressDue = false;
  /** Nothing more comes. */
  #end: { readonly gaps: readonly PortGap[] } | undefined;

  constructor(port: PortLike, channel: string, credit: number, to: Consumer) {
    this.#port = port;
    this.#channel = channel;
    this.#credit = credit;
    this.#to = to;
  }

  open(): void {
    try {
      this.#listening = listenTo<FromSink>(this.#port, this.#channel, 'sink', {
        message: message => this.#take(message),
        error: error => {
          // what is complete needs the other side no more
          if (this.#end === undefined) this.#to.error(error);
        },
      });
      this.#postOpen();
    } catch (cause) {
      this.#to.error(unusable(cause));
    }
  }

  leave(): void {
    if (this.#listening.closed) return;
    this.#listening.unsubscribe();
    this.#postProgress();
    this.#post({ kind: 'left', session: this.#session.name });
  }

  pause(level: boolean): void {
    this.#isPaused = level;
    this.#give();
  }

  settled(session: string, number: number): void {
    if (session !== this.#session.name) return;
    this.#session.settled = number;
    this.#progressed();
  }

  #take(message: FromSink): void {
    switch (message.kind) {
      case 'hello':
        // another sink than the one that has sent what came so far
        if (this.#session.received > 0) this.#session = { name: newName(), received: 0, given: 0, settled: 0 };
        this.#postOpen();
        return;
      case 'value':
        this.#takeValue(message);
        break;
      case 'complete':
        this.#end = message;
        break;
      case 'closed':
        this.#to.error(
          new PortClosedError(`the sink was closed with ${message.unsettled} values that were not settled`),
        );
        return;
    }
    this.#give();
  }

  #takeValue(value: Value): void {
    const session = this.#session;
    if (value.session !== session.name) return;
    if (value.number !== session.received + 1 || value.number > session.given + this.#credit) {
      this.#to.error(
        new PortProtocolError(`expected the value ${session.received + 1}, within the credit`, value.number),
      );
      return;
    }
    session.received++;
    this.#waiting.push(value);
  }

  #give(): void {
    if (this.#isGiving || this.#listening.closed) return;
    this.#isGiving = true;
    try {
      while (!this.#isPaused && this.#to.isOpen() && this.#waiting.length > 0) this.#giveFirst();
      if (this.#end !== undefined && this.#waiting.length === 0 && this.#to.isOpen()) {
        this.#tell(this.#end.gaps);
        this.#to.complete();
      }
    } catch (error) {
      this.#to.error(error);
    }
    this.#isGiving = false;
  }

  #giveFirst(): void {
    const { value, gaps, session, number } = this.#waiting.shift()!;
    this.#tell(gaps);
    if (session === this.#session.name) this.#session.given = number;
    this.#progressed();
    if (this.#to.isOpen()) this.#to.value(value, [session, number]);
  }

  #tell(gaps: readonly PortGap[]): void {
    // as if it had thrown
    for (const gap of gaps) catchRejection(this.#to.missed(gap), error => this.#to.error(error));
  }

  #progressed(): void {
    if (this.#isProgressDue) return;
    this.#isProgressDue = true;
    queueMicrotask(() => {
      this.#isProgressDue = false;
      if (!this.#listening.closed) this.#postProgress();
    });
  }

  #postProgress(): void {
    const { name, given, settled } = this.#session;
    this.#post({ kind: 'progress', session: name, settled, credit: given + this.#credit });
  }

  #postOpen(): void {
    this.#post({ kind: 'open', session: this.#session.name, credit: this.#credit });
  }

  #post(message: FromSource): void {
    try {
      postTo(this.#port, this.#channel, 'source', message);
    } catch (cause) {
      this.#to.error(unusable(cause));
    }
  }
}

/** Differs from those of other subscriptions, also of other threads. */
const newName = (): string => Math.random().toString(36).slice(2);
