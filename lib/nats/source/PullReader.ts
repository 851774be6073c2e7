import type { NatsConnection, NatsMessage } from '../NatsConnection.js';
import { ConsumerReply } from './ConsumerReply.js';

/** How long the server keeps a pull open, in ms. */
const EXPIRES = 2000;
/** The interval between the server's heartbeats while it has no message, in ms. */
export const HEARTBEAT = 500;
/** How many heartbeats in a row may be missing. */
const MISSES = 3;

const NANOSECONDS = 1_000_000;

/** The limits of one pull. */
export interface PullSize {
  readonly batch: number;
  /** `undefined` means no limit, for one message of any size. */
  readonly maxBytes: number | undefined;
}

export interface PullReaderHost {
  /** The next message of the consumer has arrived. `at` is reused after the call. */
  arrived(message: NatsMessage, at: ConsumerReply): void;
  /** The pull has ended. `isTooLarge`: the next message is larger than `maxBytes`. */
  ended(isTooLarge: boolean): void;
  /** The consumer can no longer be used. */
  broken(why: string): void;
  /** The server accepts at most `batch` messages in one pull. */
  limited(batch: number): void;
  /** The server rejects pulls permanently. */
  refused(why: string): void;
}

/**
 * One consumer on the server, read by one pull at a time. If anything is wrong, its owner replaces it with a new consumer,
 * because a consumer without acknowledgements never redelivers.
 *
 *     pull(3)                    pull(3)
 *        ──m1──m2──m3─ ended()      ──m4──♥──♥──408─ ended()      a pull that is full ends without a status
 */
export class PullReader {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #host: PullReaderHost;
  readonly #at = new ConsumerReply();
  readonly #subscription: { unsubscribe(): void };
  /** How many messages have arrived in all pulls. */
  #delivered = 0;
  /** How many messages the current pull may still deliver. 0: no pull is open. */
  #left = 0;
  #pulls = 0;
  #replyTo = '';
  #hasGiven = false;
  #isHeard = false;
  #misses = 0;
  #isClosed = false;

  constructor(
    connection: NatsConnection,
    names: { readonly nextSubject: string; readonly inbox: string },
    host: PullReaderHost,
  ) {
    this.#connection = connection;
    this.#subject = names.nextSubject;
    this.#inbox = names.inbox;
    this.#host = host;
    this.#subscription = connection.subscribe(`${names.inbox}.*`, {
      callback: (error, message) => this.#receive(error, message),
    });
  }

  get isPulling(): boolean {
    return this.#left > 0;
  }

  pull({ batch, maxBytes }: PullSize): void {
    this.#left = batch;
    this.#hasGiven = false;
    this.#misses = 0;
    this.#replyTo = `${this.#inbox}.${++this.#pulls}`;
    const request = {
      batch,
      max_bytes: maxBytes,
      expires: EXPIRES * NANOSECONDS,
      idle_heartbeat: HEARTBEAT * NANOSECONDS,
    };
    this.#connection.publish(this.#subject, JSON.stringify(request), { reply: this.#replyTo });
  }

  /** Must be called every `HEARTBEAT` ms. It counts calls, not time, so a process that hangs does not see missed heartbeats. */
  tick(): void {
    if (this.#left === 0) return;
    this.#misses = this.#isHeard ? 0 : this.#misses + 1;
    this.#isHeard = false;
    if (this.#misses > MISSES) this.#host.broken(`no heartbeat for ${MISSES * HEARTBEAT} ms`);
  }

  close(): void {
    this.#isClosed = true;
    this.#left = 0;
    this.#subscription.unsubscribe();
  }

  #receive(error: Error | null, message: NatsMessage): void {
    if (this.#isClosed) return;
    if (error !== null) {
      this.#host.refused(error.message);
      return;
    }
    this.#isHeard = true;
    const reply = message.reply ?? '';
    if (reply === '') this.#hearStatus(message);
    else if (!this.#at.read(reply)) this.#host.broken(`a message has the reply subject ${reply}`);
    else if (this.#at.delivery !== this.#delivered + 1)
      this.#host.broken(`expected delivery ${this.#delivered + 1}, received ${this.#at.delivery}`);
    else {
      this.#delivered++;
      this.#hasGiven = true;
      if (this.#left > 0) this.#left--;
      const isFull = this.#left === 0;
      this.#host.arrived(message, this.#at);
      if (isFull && !this.#isClosed) this.#host.ended(false);
    }
  }

  #hearStatus({ subject, headers }: NatsMessage): void {
    const code = headers?.code ?? 0;
    const text = headers?.description ?? '';
    // a late status of an earlier pull is ignored, but a status about the consumer always counts
    const isOfThis = subject === this.#replyTo && this.#left > 0;
    if (code === 100) return;
    if (code === 404 || code === 408 || (code === 409 && /^Batch Completed/i.test(text))) {
      if (isOfThis) this.#end(false);
    } else if (code === 409 && /^Message Size Exceeds MaxBytes/i.test(text)) {
      if (isOfThis) this.#end(!this.#hasGiven);
    } else if (code === 409 && /^Exceeded MaxRequestBatch of \d+/i.test(text)) {
      this.#host.limited(Number(/\d+/.exec(text)?.[0]));
      if (isOfThis) this.#end(false);
    } else if (code === 400 || (code === 409 && /^Exceeded MaxRequest/i.test(text))) this.#host.refused(text);
    else this.#host.broken(code === 503 ? 'a pull had no responders' : `the server reported ${code} ${text}`);
  }

  #end(isTooLarge: boolean): void {
    this.#left = 0;
    this.#host.ended(isTooLarge);
  }
}
