import type { NatsMessage } from '../NatsConnection.js';
import { isIntact, parseMessageId } from '../messageId.js';
import { shown } from '../../event/shown.js';
import type { StreamPlace } from '../position/StreamPlace.js';
import { ExpiredError, StreamMessageError } from './errors.js';

/** Subjects whose last position is remembered. */
const MOST_SUBJECTS = 10_000;

/**
 * Whether each message is the next one of its sink (promise J11).
 *
 * Positions of a subject have no hole. One that is lower than the highest so far is a message that the sink has written
 * again: it is no error.
 */
export class MessageCheck {
  readonly #stream: string;
  readonly #mayBeForeign: boolean;
  /** The highest position of each subject, the one heard of last at the end. */
  readonly #highest = new Map<string, number>();
  /** The sequence from which it is read, while messages after that may have expired. */
  #mayExpireFrom: number | undefined;

  constructor(stream: string, mayBeForeign: boolean) {
    this.#stream = stream;
    this.#mayBeForeign = mayBeForeign;
  }

  /** It is read after this message. */
  begin({ subject, position }: StreamPlace): void {
    if (subject !== undefined && position !== undefined) this.#highest.set(subject, position);
  }

  /** If positions are missing before the next message, they have expired: it was to be read from this sequence. */
  mayExpireFrom(sequence: number): void {
    this.#mayExpireFrom = sequence;
  }

  /** Its position; `undefined` for a foreign message that is accepted. Throws `StreamMessageError`, `ExpiredError`. */
  positionOf(message: NatsMessage, subject: string, sequence: number): number | undefined {
    const text = message.headers?.get('Nats-Msg-Id') ?? '';
    const id = parseMessageId(text);
    const where = { stream: this.#stream, subject, sequence };
    if (id?.subject !== subject) {
      if (this.#mayBeForeign) return undefined;
      const found = text === '' ? 'none' : shown(text);
      throw new StreamMessageError('foreign', where, 'a Nats-Msg-Id of jetStreamSink', found);
    }
    if (!isIntact(id, message.data)) {
      const found = `other data of ${message.data.length} bytes`;
      throw new StreamMessageError('damaged', where, `data with checksum ${id.checksum.toString(16)}`, found);
    }
    const highest = this.#highest.get(subject);
    if (highest === undefined) this.#remember(subject, id.position);
    else if (id.position > highest) {
      if (id.position > highest + 1) throw this.#lost(where, highest, id.position);
      this.#highest.set(subject, id.position);
    }
    this.#mayExpireFrom = undefined;
    return id.position;
  }

  #lost(where: { stream: string; subject: string; sequence: number }, highest: number, position: number): Error {
    const missing = position - highest - 1;
    if (this.#mayExpireFrom === undefined)
      return new StreamMessageError('lost', where, `position ${highest + 1}`, `${position}, so ${missing} are missing`);
    return new ExpiredError({ stream: where.stream, sequence: this.#mayExpireFrom, first: where.sequence, missing });
  }

  #remember(subject: string, position: number): void {
    if (this.#highest.size >= MOST_SUBJECTS) {
      for (const oldest of this.#highest.keys()) {
        this.#highest.delete(oldest);
        break;
      }
    }
    this.#highest.set(subject, position);
  }
}
