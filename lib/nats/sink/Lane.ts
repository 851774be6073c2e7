import { SecondWriterError } from './errors.js';
import type { PublishAck } from './JetStreamPublisher.js';
import type { LaneHost } from './LaneHost.js';
import { LaneTrouble } from './LaneTrouble.js';
import type { Failure, Outgoing, OutgoingOwner } from './Outgoing.js';
import { publishFailure } from './publishFailure.js';
import type { Sequencing } from './Sequencing.js';
import { Unstored } from './Unstored.js';
import { untilPrepared } from './untilPrepared.js';

/** The state of a lane. Messages are sent only in `sending`. */
type LanePhase = 'reading' | 'sending' | 'settling' | 'recovering' | 'offline' | 'over';

/**
 * Publishes the messages of one stream, or of one subject, so that they are stored in the order in which they were pushed.
 *
 *     recovering ──► sending ──failure──► settling ──all answered──► recovering ──► sending again, from the first unstored
 *                       └──disconnected──► offline ──reconnected────────┘
 *
 * LN1  Each `recovering` or `offline` begins a round. Messages are sent again in the same order, with the same ids.
 * LN2  After a failure, nothing is sent until every message in flight has an outcome.
 */
export class Lane<T> {
  readonly #host: LaneHost<T>;
  readonly #sequencing: Sequencing<T>;
  readonly #trouble: LaneTrouble;
  readonly #unstored = new Unstored<T>();
  #phase: LanePhase = 'recovering';
  #hasBegun = false;
  /**
   * Whether a message of this round was confirmed. Until then only one message is in flight. If it is rejected, because of
   * another writer or a full stream, no later message can have been stored.
   */
  #isProven = false;
  /** Whether a microtask that will send is scheduled. */
  #isAwake = false;
  /** How many messages of this round are in flight. */
  #open = 0;
  /** The number of the round. Late failures of earlier rounds are ignored. */
  #round = 0;
  /** The failure of the first message in order that failed in this round. Later ones fail because of it. */
  #failure: Failure<T> | undefined;

  constructor(host: LaneHost<T>, sequencing: Sequencing<T>) {
    this.#host = host;
    this.#sequencing = sequencing;
    this.#trouble = new LaneTrouble(host);
  }

  get isIdle(): boolean {
    return this.#unstored.length === 0 && this.#phase !== 'recovering';
  }

  start(isOnline: boolean): void {
    if (isOnline) void this.#recover(() => this.#resync());
    else this.disconnected();
  }

  push(outgoing: Outgoing<T>): void {
    this.#unstored.push(outgoing);
    if (this.#phase === 'offline') this.#trouble.worry(undefined);
    this.#wake();
  }

  withdraw = (owner: OutgoingOwner<T>): void => this.#unstored.withdraw(owner);

  disconnected(): void {
    if (this.#phase === 'over') return;
    this.#newRound('offline');
    if (this.#unstored.length > 0) this.#trouble.worry(undefined);
  }

  reconnected(): void {
    if (this.#phase === 'offline') void this.#recover(() => this.#resync());
  }

  end(): void {
    this.#newRound('over');
    this.#trouble.end();
  }

  #newRound(phase: LanePhase): void {
    this.#round++;
    this.#open = 0;
    this.#isProven = false;
    this.#unstored.sent = 0;
    this.#failure = undefined;
    this.#phase = phase;
    this.#trouble.hurry();
  }

  /** Sends in a microtask: the client captures a stack trace for each request, which is cheaper on a short stack. */
  #wake(): void {
    if (this.#isAwake || this.#phase !== 'sending') return;
    this.#isAwake = true;
    void Promise.resolve().then(this.#pump);
  }

  readonly #pump = (): void => {
    this.#isAwake = false;
    while (this.#phase === 'sending' && this.#unstored.sent < (this.#isProven ? this.#sequencing.depth : 1)) {
      const outgoing = this.#unstored.next;
      if (outgoing === undefined || (outgoing.phase === 'waiting' && !this.#prepare(outgoing))) return;
      this.#unstored.sent++;
      if (outgoing.phase === 'sent') this.#send(outgoing);
      else this.#finished();
    }
  };

  /** Assigns a position, or finds that the message must not be sent. Returns `false` if the subject must be read first. */
  #prepare(outgoing: Outgoing<T>): boolean {
    const { states } = this.#host;
    const state = states.get(outgoing.subject);
    if (state === undefined) {
      void this.#readState(outgoing.subject);
      return false;
    }
    const error = this.#host.refusal(outgoing);
    if (error !== undefined) {
      outgoing.phase = 'refused';
      outgoing.error = error;
    } else if (states.assign(outgoing, state)) {
      this.#sequencing.assign(outgoing);
      outgoing.phase = 'sent';
    } else {
      outgoing.phase = 'stored';
      outgoing.duplicate = true;
    }
    return true;
  }

  #send(outgoing: Outgoing<T>): void {
    this.#open++;
    const round = this.#round;
    this.#host.publish(outgoing, this.#sequencing.expectation(outgoing)).then(
      ack => this.#succeeded(round, outgoing, ack),
      (error: unknown) => this.#failed(round, outgoing, error),
    );
  }

  /** Sends nothing until the subject is read. Messages in flight are not affected. */
  async #readState(subject: string): Promise<void> {
    const round = this.#round;
    this.#phase = 'reading';
    const failure: unknown = await this.#host.states.read(subject).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (round !== this.#round || this.#phase !== 'reading') return;
    if (failure === undefined) this.#resume();
    else if (publishFailure(failure) === 'fatal') this.#host.failed(failure);
    else void this.#recover(() => this.#resync(), failure);
  }

  #resume(): void {
    this.#phase = 'sending';
    this.#wake();
  }

  #succeeded(round: number, outgoing: Outgoing<T>, { seq, duplicate }: PublishAck): void {
    if (this.#phase === 'over') return;
    if (round === this.#round) this.#open--;
    if (outgoing.phase === 'sent') {
      if (!this.#sequencing.isPlace(outgoing, seq)) {
        const found = `"${outgoing.id}" was confirmed at sequence ${seq}, where this writer did not send it`;
        this.#host.failed(new SecondWriterError(this.#host.stream, outgoing.subject, seq, found));
        return;
      }
      this.#isProven ||= round === this.#round;
      this.#store(outgoing, seq, duplicate);
    }
    this.#proceed();
  }

  #store(outgoing: Outgoing<T>, sequence: number, isDuplicate: boolean): void {
    outgoing.sequence = sequence;
    outgoing.duplicate = isDuplicate;
    outgoing.phase = 'stored';
    this.#host.states.stored(outgoing);
    this.#trouble.relieved();
    this.#finished();
  }

  #finished(): void {
    this.#unstored.trim();
    if (this.#unstored.length === 0) this.#isProven = false;
    this.#host.progressed();
  }

  #failed(round: number, outgoing: Outgoing<T>, error: unknown): void {
    if (round !== this.#round) return;
    this.#open--;
    if (this.#failure === undefined || this.#unstored.isBefore(outgoing, this.#failure.outgoing))
      this.#failure = { outgoing, kind: publishFailure(error), error };
    if (this.#phase === 'sending' || this.#phase === 'reading') this.#phase = 'settling';
    this.#proceed();
  }

  #proceed(): void {
    if (this.#phase !== 'settling') this.#wake();
    else if (this.#open === 0) this.#settle(this.#failure!);
  }

  /** Every message in flight has an outcome, and at least one failed. */
  #settle({ kind, outgoing, error }: Failure<T>): void {
    if (kind === 'fatal') {
      this.#host.failed(error);
      return;
    }
    if (kind === 'full') this.#trouble.full();
    // a first conflict mostly means that the message is stored and its confirmation was lost: check without a delay
    const isFirstConflict = kind === 'conflict' && this.#trouble.tries === 0;
    void this.#recover(
      async () => {
        if (kind === 'unanswered') await this.#host.reader.mustTake(outgoing.subject);
        if (kind !== 'full' && kind !== 'again') await this.#resync();
      },
      isFirstConflict ? undefined : error,
    );
  }

  /** Retries `prepare` until it succeeds, then sends from the first unstored message. With `error`, waits before the first try. */
  async #recover(prepare: () => Promise<void>, error?: unknown): Promise<void> {
    this.#newRound('recovering');
    const round = this.#round;
    try {
      if (!(await untilPrepared(prepare, this.#trouble, () => round !== this.#round, error))) return;
    } catch (fatal) {
      this.#host.failed(fatal);
      return;
    }
    this.#resume();
  }

  /** Reads from the stream which messages are stored. */
  async #resync(): Promise<void> {
    if (!this.#hasBegun) {
      await this.#sequencing.begin();
      this.#hasBegun = true;
    }
    const round = this.#round;
    const sent = this.#unstored.unconfirmed();
    if (sent.length === 0) return;
    for (const [outgoing, sequence] of await this.#sequencing.find(sent)) {
      // `#store` may make the host end this lane
      if (round === this.#round && outgoing.phase === 'sent') this.#store(outgoing, sequence, true);
    }
  }
}
