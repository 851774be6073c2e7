import { messageIdOf, parseMessageId } from '../messageId.js';
import { SecondWriterError } from './errors.js';
import type { Outgoing } from './Outgoing.js';
import type { StreamReader } from './StreamReader.js';

/** What a sink knows of a subject. */
export interface SubjectState {
  /** The position of the last message that was sent. */
  position: number;
  /** Its place in the source, if that is known. */
  place: bigint | undefined;
  /** Where its last message is in the stream, if the sink has not sent another one since; 0: it has none. */
  sequence: number;
  /** Messages that were sent and are not stored yet. */
  open: number;
}

/** Subjects whose state is kept: what is not in use is read again. */
const MAX_SUBJECTS = 65_536;

/**
 * What was written to each subject, so that the next message continues it. It is read from the stream when a subject is
 * first used.
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

  /** `undefined`: it must be read first. */
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

  /** Reads it while others are being sent. Whoever needs it then asks again. */
  prefetch(subject: string): void {
    if (!this.#states.has(subject)) this.read(subject).catch(() => undefined);
  }

  /** Gives a message its position and its id. Says whether it is to be sent: what is not after the last place is stored. */
  assign(outgoing: Outgoing<unknown>, state: SubjectState): boolean {
    const { subject, place, data } = outgoing;
    if (place !== undefined && state.place !== undefined && place <= state.place) return false;
    outgoing.position = ++state.position;
    outgoing.id = messageIdOf(subject, state.position, data, place);
    if (place !== undefined) state.place = place;
    state.open++;
    return true;
  }

  /** A message that was assigned is stored. */
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
      const found = `its last message, at ${last.sequence}, has the id "${last.id}", which no sink gives`;
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
