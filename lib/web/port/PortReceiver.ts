import { Subscription } from 'rxjs';
import { catchRejection } from '../../flow/catchRejection.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { PortClosedError, PortProtocolError } from './errors.js';
import { listenTo, postTo, unusable } from './listenTo.js';
import type { PortLike } from './PortLike.js';
import type { FromSink, FromSource, PortGap } from './PortMessage.js';

type Value = Extract<FromSink, { readonly kind: 'value' }>;

interface Consumer {
  readonly value: (value: unknown, token: readonly [string, number]) => void;
  readonly missed: (gap: PortGap) => unknown;
  readonly isOpen: () => boolean;
  readonly complete: () => void;
  readonly error: (error: unknown) => void;
}

/**
 * The receiving side of a port, for one subscription. It reports progress at most once in a microtask.
 *
 *     value ──► [ waiting ] ──► not paused ──► emitted ──► settled
 *                                               └ raises credit
 *
 * PR1  At most `credit` values wait. A sink that exceeds its credit is an error.
 * PR2  The values of a session are numbered from 1, without gaps. Values of another session are ignored.
 */
export class PortReceiver {
  readonly #port: PortLike;
  readonly #channel: string;
  readonly #credit: number;
  readonly #to: Consumer;
  readonly #waiting = new RingBuffer<Value>();
  #listening = Subscription.EMPTY;
  /** The current session, with the numbers of the last value received, emitted and settled. */
  #session = { name: newName(), received: 0, given: 0, settled: 0 };
  #isPaused = false;
  #isGiving = false;
  #isProgressDue = false;
  /** Set when the sink has completed. */
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
          // after `complete` the other side may go
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
        // a new sink has replaced the one that sent the values so far
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
        this.#to.error(new PortClosedError(`the sink was closed with ${message.unsettled} unsettled values`));
        return;
    }
    this.#give();
  }

  #takeValue(value: Value): void {
    const session = this.#session;
    if (value.session !== session.name) return;
    if (value.number !== session.received + 1 || value.number > session.given + this.#credit) {
      this.#to.error(new PortProtocolError(`expected value ${session.received + 1}, within the credit`, value.number));
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
        this.#reportGaps(this.#end.gaps);
        this.#to.complete();
      }
    } catch (error) {
      this.#to.error(error);
    }
    this.#isGiving = false;
  }

  #giveFirst(): void {
    const { value, gaps, session, number } = this.#waiting.shift()!;
    this.#reportGaps(gaps);
    if (session === this.#session.name) this.#session.given = number;
    this.#progressed();
    if (this.#to.isOpen()) this.#to.value(value, [session, number]);
  }

  #reportGaps(gaps: readonly PortGap[]): void {
    // a rejection of `missed` is handled like an error that it throws
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

/** A name that no other subscription has, in any thread. */
const newName = (): string => Math.random().toString(36).slice(2);
