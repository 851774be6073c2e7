import { messageIdOf, parseMessageId } from '../messageId.js';
import { SecondWriterError } from './errors.js';
import type { Outgoing } from './Outgoing.js';
import type { StreamReader } from './StreamReader.js';

/** What a sink knows about a subject. */
export interface SubjectState {
  /** The position of the last message that was sent. */
  position: number;
  /** The place of that message in the source, if it is known. */
  place: bigint | undefined;
  /** The sequence of the last stored message. 0 if the subject has no message. */
  sequence: number;
  /** How many messages were sent and are not confirmed yet. */
  open: number;
}

/** How many subjects are kept. Beyond that, a subject that is not in use is forgotten, and read again when it is used. */
const MAX_SUBJECTS = 65_536;

/**
 * The last position of each subject, so that the next message continues from it. It is read from the stream when a subject
 * is first used.
 */
export class SubjectStates {
  readonly #stream: string;
  readonly #reader: StreamReader;
  readonly #states = new Map<string, SubjectState>();
  readonly #reads = new Map<string, Promise<SubjectState>>();

  constructor(stream: string, reader: StreamReader) {
    this.#stream = stream;
    this.#reader = reader;
  }

  /** Returns `undefined` if the subject must be read first. */
  get(subject: string): SubjectState | undefined {
    return this.#states.get(subject);
  }

  read(subject: string): Promise<SubjectState> {
    let reading = this.#reads.get(subject);
    if (reading === undefined) {
      reading = this.#read(subject).finally(() => this.#reads.delete(subject));
      this.#reads.set(subject, reading);
    }
    return reading;
  }

  /** Reads a subject in advance, while other messages are being sent. If that fails, `read` tries it again. */
  prefetch(subject: string): void {
    if (!this.#states.has(subject)) this.read(subject).catch(() => undefined);
  }

  /**
   * Gives a message its position and its id. Returns `false` if the message must not be sent: its place is not after the last
   * place, so it is already stored.
   */
  assign(outgoing: Outgoing<unknown>, state: SubjectState): boolean {
    const { subject, place, data } = outgoing;
    if (place !== undefined && state.place !== undefined && place <= state.place) return false;
    outgoing.position = ++state.position;
    outgoing.id = messageIdOf(subject, state.position, data, place);
    if (place !== undefined) state.place = place;
    state.open++;
    return true;
  }

  /** Records that a message is stored. */
  stored({ subject, sequence }: Outgoing<unknown>): void {
    const state = this.#states.get(subject)!;
    state.open--;
    state.sequence = sequence;
  }

  async #read(subject: string): Promise<SubjectState> {
    const known = this.#states.get(subject);
    if (known !== undefined) return known;
    const state = this.#stateOf(subject, await this.#reader.last(subject));
    if (this.#states.size >= MAX_SUBJECTS) this.#forgetOne();
    this.#states.set(subject, state);
    return state;
  }

  #stateOf(subject: string, last: Awaited<ReturnType<StreamReader['last']>>): SubjectState {
    if (last === undefined) return { position: 0, place: undefined, sequence: 0, open: 0 };
    const id = parseMessageId(last.id);
    if (id?.subject !== subject) {
      const found = `the last message, at sequence ${last.sequence}, has the id "${last.id}", which is not an id of jetStreamSink`;
      throw new SecondWriterError(this.#stream, subject, last.sequence, found);
    }
    return { position: id.position, place: id.place, sequence: last.sequence, open: 0 };
  }

  #forgetOne(): void {
    for (const [subject, { open }] of this.#states) {
      if (open > 0) continue;
      this.#states.delete(subject);
      return;
    }
  }
}
