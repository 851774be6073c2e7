import { crc32 } from 'node:zlib';
import type { NatsMessage } from '../NatsConnection.js';
import { isIntact, parseMessageId } from '../messageId.js';
import { shown } from '../../event/shown.js';
import type { StreamPlace } from '../position/StreamPlace.js';
import { ExpiredError, StreamMessageError } from './errors.js';
import { RawMessageId } from './RawMessageId.js';

/** How many subjects are remembered with their last position. */
const MOST_SUBJECTS = 10_000;

/**
 * Checks that each message is the next one of its sink (promise J11: messages are checked).
 *
 * The positions of a subject have no gap. A position that is not higher than the last one is no error: the sink has
 * published that message again.
 */
export class MessageCheck {
  readonly #stream: string;
  readonly #mayBeForeign: boolean;
  readonly #raw = new RawMessageId();
  /** The highest position of each subject except the current one. The most recently used subject is last. */
  readonly #highest = new Map<string, number>();
  /** The subject of the last message, and its highest position. */
  #subject: string | undefined;
  #position = 0;
  /** The sequence to read from, while messages after it may have expired. */
  #mayExpireFrom: number | undefined;

  constructor(stream: string, mayBeForeign: boolean) {
    this.#stream = stream;
    this.#mayBeForeign = mayBeForeign;
  }

  /** Reading continues after this place. */
  begin({ subject, position }: StreamPlace): void {
    if (subject === undefined || position === undefined) return;
    this.#subject = subject;
    this.#position = position;
  }

  /** Messages from `sequence` on may have expired. So a gap before the next message is an `ExpiredError`. */
  mayExpireFrom(sequence: number): void {
    this.#mayExpireFrom = sequence;
  }

  /**
   * Returns the position of a message, or `undefined` for a foreign message that is accepted. Throws `StreamMessageError` or
   * `ExpiredError`.
   */
  positionOf(message: NatsMessage, data: Uint8Array, subject: string, sequence: number): number | undefined {
    const highest = this.#highestOf(subject);
    if (this.#raw.read(data, subject) && this.#raw.position === highest + 1 && crc32(data) === this.#raw.checksum) {
      this.#position = this.#raw.position;
      this.#mayExpireFrom = undefined;
      return this.#position;
    }
    return this.#positionOfOther(message, data, subject, sequence, highest);
  }

  /** The slow path of `positionOf`: the message is not an intact one with the next position. */
  #positionOfOther(message: NatsMessage, data: Uint8Array, subject: string, sequence: number, highest: number) {
    const text = message.headers?.get('Nats-Msg-Id') ?? '';
    const id = parseMessageId(text);
    const where = { stream: this.#stream, subject, sequence };
    if (id?.subject !== subject) {
      if (this.#mayBeForeign) return undefined;
      const found = text === '' ? 'none' : shown(text);
      throw new StreamMessageError('foreign', where, 'a Nats-Msg-Id of jetStreamSink', found);
    }
    if (!isIntact(id, data)) {
      const found = `other data of ${data.length} bytes`;
      throw new StreamMessageError('damaged', where, `data with checksum ${id.checksum.toString(16)}`, found);
    }
    if (highest > 0 && id.position > highest + 1) throw this.#lost(where, highest, id.position);
    if (id.position > highest) this.#position = id.position;
    this.#mayExpireFrom = undefined;
    return id.position;
  }

  /** Returns the highest position of a subject so far, or 0. Makes this subject the current one. */
  #highestOf(subject: string): number {
    if (subject === this.#subject) return this.#position;
    if (this.#subject !== undefined) {
      this.#highest.delete(this.#subject);
      this.#highest.set(this.#subject, this.#position);
    }
    this.#subject = subject;
    this.#position = this.#highest.get(subject) ?? 0;
    if (this.#highest.size > MOST_SUBJECTS) this.#highest.delete(this.#highest.keys().next().value!);
    return this.#position;
  }

  #lost(where: { stream: string; subject: string; sequence: number }, highest: number, position: number): Error {
    const missing = position - highest - 1;
    if (this.#mayExpireFrom === undefined)
      return new StreamMessageError('lost', where, `position ${highest + 1}`, `${position}, so ${missing} are missing`);
    return new ExpiredError({ stream: where.stream, sequence: this.#mayExpireFrom, first: where.sequence, missing });
  }
}
