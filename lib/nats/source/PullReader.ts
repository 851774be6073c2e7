import type { NatsConnection, NatsMessage } from '../NatsConnection.js';
import { ConsumerReply } from './ConsumerReply.js';

/** How long a pull waits on the server, and how often the server says that it waits, in ms. */
const EXPIRES = 2000;
export const HEARTBEAT = 500;
/** Heartbeats that may be missing in a row. */
const MISSES = 3;

const NANOSECONDS = 1_000_000;

/** How much a pull may bring. */
export interface PullSize {
  readonly batch: number;
  /** `undefined`: one message, however large. */
  readonly maxBytes: number | undefined;
}

export interface PullReaderHost {
  /** A message has come, the next one of the consumer. `at` is read into again after the call. */
  arrived(message: NatsMessage, at: ConsumerReply): void;
  /** The pull has ended: `isTooLarge` if the next message is larger than its `maxBytes`. */
  ended(isTooLarge: boolean): void;
  /** The consumer cannot be used any more. */
  broken(why: string): void;
  /** The server takes no more than this in one pull. */
  limited(batch: number): void;
  /** The server will not give anything, ever. */
  refused(why: string): void;
}

/**
 * One consumer on the server, read by pulls, one at a time. It is used until something is wrong with it, and then made
 * anew: a consumer without acknowledgements does not deliver again.
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
  /** Messages that have come, of all pulls. */
  #delivered = 0;
  /** Messages that the pull may still bring; 0: there is none. */
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

  /** To be called every `HEARTBEAT` ms. It counts calls: while the process itself hangs, neither are there any. */
  tick(): void {
    if (this.#left === 0) return;
    this.#misses = this.#isHeard ? 0 : this.#misses + 1;
    this.#isHeard = false;
    if (this.#misses > MISSES) this.#host.broken(`nothing was heard for ${MISSES * HEARTBEAT} ms`);
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
      this.#host.broken(`delivery ${this.#delivered + 1} was lost on the way, ${this.#at.delivery} came`);
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
    // a status of a pull that has ended comes late; one about the consumer is always of interest
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
    else this.#host.broken(code === 503 ? 'nobody answers a pull' : `the server says ${code} ${text}`);
  }

  #end(isTooLarge: boolean): void {
    this.#left = 0;
    this.#host.ended(isTooLarge);
  }
}
