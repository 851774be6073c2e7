import { escaped } from '../../event/shown.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { followConnection } from '../followConnection.js';
import type { NatsConnection } from '../NatsConnection.js';
import { PublishSizeError, SinkClosedError, UnconfirmedError } from './errors.js';
import type { JetStreamPublisher } from './JetStreamPublisher.js';
import { Lane } from './Lane.js';
import type { LaneHost } from './LaneHost.js';
import type { TroubleHost } from './LaneTrouble.js';
import type { Outgoing, OutgoingOwner } from './Outgoing.js';
import { StreamReader } from './StreamReader.js';
import { streamSequencing } from './streamSequencing.js';
import { SubjectStates } from './SubjectStates.js';
import { subjectSequencing } from './subjectSequencing.js';
import { withoutStackTraces } from './withoutStackTraces.js';

/** The options of a sink that the queue needs. */
export interface QueueSettings extends Pick<TroubleHost, 'scheduler' | 'giveUpAfter'> {
  readonly connection: NatsConnection;
  readonly js: JetStreamPublisher;
  readonly stream: string;
  readonly writer: 'stream' | 'subject';
  readonly window: number;
  readonly windowBytes: number;
  readonly timeout: number;
  /** Runs before the first message is sent. */
  readonly prepare: () => Promise<void>;
  readonly notify: (notice: { readonly type: 'Full' | 'Waiting' | 'Released'; readonly what: string }) => void;
}

/** The largest size of the headers without the names of subject and stream, in bytes. */
const HEADER_BYTES = 180;
/** Above this number of lanes, idle ones are removed. */
const MAX_IDLE_LANES = 1024;

/**
 * The queue of a sink: waiting values, a bounded window in flight, and the lanes that publish. Values leave the window in the
 * order in which they were pushed, whatever the order of their confirmations.
 *
 *     push ──► waiting ──► window (bounded) ──► first finished ──► its owner
 *                             └──► lane of its stream or subject ──► published
 */
export class PublishQueue<T> {
  readonly #settings: QueueSettings;
  readonly #reader: StreamReader;
  readonly #waiting = new RingBuffer<Outgoing<T>>();
  readonly #window = new RingBuffer<Outgoing<T>>();
  #bytes = 0;
  #states: SubjectStates;
  readonly #lanes = new Map<string, Lane<T>>();
  #isAdvancing = false;
  #isOnline = true;
  #maxMessageSize: number | undefined;
  /** Stops following the connection. */
  #leave: (() => void) | undefined;

  constructor(settings: QueueSettings) {
    const { connection, stream, js, timeout } = settings;
    this.#settings = settings;
    this.#reader = new StreamReader(connection, stream, js.apiPrefix ?? '$JS.API', timeout);
    this.#states = new SubjectStates(stream, this.#reader);
  }

  push(outgoing: Outgoing<T>): void {
    this.#waiting.push(outgoing);
    this.#follow();
    if (this.#isOnline && outgoing.phase === 'waiting' && this.#waiting.length <= this.#settings.window)
      this.#states.prefetch(outgoing.subject);
    this.#advance();
  }

  /** Removes the unsent messages of an owner. Sent ones stay, because the next messages continue from them. */
  withdraw(owner: OutgoingOwner<T>): void {
    const isLeft = (outgoing: Outgoing<T>): boolean => outgoing.owner === owner && outgoing.phase !== 'sent';
    for (const lane of this.#lanes.values()) lane.withdraw(owner);
    for (const queue of [this.#waiting, this.#window]) {
      for (let left = queue.length; left > 0; left--) {
        const outgoing = queue.shift()!;
        if (!isLeft(outgoing)) queue.push(outgoing);
        else if (queue === this.#window) this.#bytes -= outgoing.data.length;
      }
    }
    this.#advance();
  }

  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    do this.#admit();
    while (this.#take());
    this.#isAdvancing = false;
    if (this.#window.length > 0 || this.#waiting.length > 0) return;
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Moves waiting messages into the window while there is room. */
  #admit(): void {
    const { window, windowBytes } = this.#settings;
    for (let next = this.#waiting.at(0); next !== undefined; next = this.#waiting.at(0)) {
      const hasRoom = this.#window.length < window && this.#bytes + next.data.length <= windowBytes;
      if (!hasRoom && this.#window.length > 0) return;
      this.#waiting.shift();
      this.#window.push(next);
      this.#bytes += next.data.length;
      if (next.phase === 'waiting') this.#laneOf(next.subject).push(next);
    }
  }

  /** Removes the first message of the window if it has finished, and reports it to its owner. Returns whether it did. */
  #take(): boolean {
    const first = this.#window.at(0);
    if (first === undefined || (first.phase !== 'stored' && first.phase !== 'refused')) return false;
    this.#window.shift();
    this.#bytes -= first.data.length;
    if (first.phase === 'stored') first.owner.stored(first);
    else first.owner.failed(first.error);
    return true;
  }

  #laneOf(subject: string): Lane<T> {
    const { stream, writer, window } = this.#settings;
    const key = writer === 'stream' ? '' : subject;
    let lane = this.#lanes.get(key);
    if (lane !== undefined) return lane;
    for (const [idle, { isIdle }] of this.#lanes) {
      if (this.#lanes.size < MAX_IDLE_LANES) break;
      if (isIdle) this.#lanes.delete(idle);
    }
    const sequencing =
      writer === 'stream'
        ? streamSequencing<T>(stream, this.#reader, window)
        : subjectSequencing<T>(stream, subject, this.#reader, this.#states);
    lane = new Lane<T>(this.#host(), {
      ...sequencing,
      begin: async () => {
        await this.#begin();
        await sequencing.begin();
      },
    });
    this.#lanes.set(key, lane);
    lane.start(this.#isOnline);
    return lane;
  }

  async #begin(): Promise<void> {
    if (this.#maxMessageSize !== undefined) return;
    await this.#settings.prepare();
    this.#maxMessageSize = (await this.#reader.state()).maxMessageSize;
  }

  #host(): LaneHost<T> {
    const { js, stream, scheduler, giveUpAfter, timeout, notify } = this.#settings;
    return {
      stream,
      scheduler,
      giveUpAfter,
      reader: this.#reader,
      states: this.#states,
      publish: async ({ subject, data, id }, expect) => {
        const ack = await withoutStackTraces(() => js.publish(subject, data, { msgID: id, timeout, expect }));
        if (ack.duplicate) await this.#reader.mustHold(subject, id, ack.seq);
        return ack;
      },
      refusal: outgoing => this.#refusal(outgoing),
      progressed: () => this.#advance(),
      failed: error => this.#fail(error),
      gaveUp: cause => this.#fail(new UnconfirmedError(stream, this.#window.length, giveUpAfter, cause)),
      notify: type => notify({ type, what: `stream ${escaped(stream)}` }),
    };
  }

  #refusal({ subject, data }: Outgoing<T>): Error | undefined {
    const { connection, stream } = this.#settings;
    const size = data.length + subject.length + stream.length + HEADER_BYTES;
    const { max_payload: maxPayload = Infinity } = connection.info ?? {};
    if (size > maxPayload) return new PublishSizeError(subject, size, maxPayload, 'max_payload of the server');
    const limit = this.#maxMessageSize ?? -1;
    if (limit >= 0 && size > limit)
      return new PublishSizeError(subject, size, limit, `max_msg_size of stream ${stream}`);
    return undefined;
  }

  #follow(): void {
    if (this.#leave !== undefined) return;
    this.#isOnline = true;
    // if the connection is already closed, `closed` runs before `followConnection` returns
    let hasLeft = false;
    this.#leave = () => {
      hasLeft = true;
    };
    const leave = followConnection(this.#settings.connection, {
      disconnected: () => {
        this.#isOnline = false;
        for (const lane of this.#lanes.values()) lane.disconnected();
      },
      reconnected: () => {
        this.#isOnline = true;
        for (const lane of this.#lanes.values()) lane.reconnected();
      },
      closed: () => {
        const count = this.#window.length + this.#waiting.length;
        this.#fail(new SinkClosedError(this.#settings.stream, count));
      },
    });
    if (hasLeft) leave();
    else this.#leave = leave;
  }

  /** Fails all owners and resets the queue. Later values start from a fresh state. */
  #fail(error: unknown): void {
    const owners = new Set<OutgoingOwner<T>>();
    for (const queue of [this.#window, this.#waiting]) {
      for (let i = 0; i < queue.length; i++) owners.add(queue.at(i)!.owner);
      queue.clear();
    }
    this.#bytes = 0;
    for (const lane of this.#lanes.values()) lane.end();
    this.#lanes.clear();
    this.#states = new SubjectStates(this.#settings.stream, this.#reader);
    this.#maxMessageSize = undefined;
    this.#leave?.();
    this.#leave = undefined;
    for (const owner of owners) owner.failed(error);
  }
}
