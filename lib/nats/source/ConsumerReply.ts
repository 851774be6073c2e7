const DOT = 46;
const ZERO = 48;
const NINE = 57;
/** How many digits a time in nanoseconds has from 2001 to 2286. */
const TIME_DIGITS = 19;
/** How many of them are below a millisecond. */
const BELOW_MS = 6;

/**
 * The fields in the reply subject of a message that one consumer delivered. It is parsed for each message, so one object is
 * reused.
 *
 *     $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.DELIVERY.NANOSECONDS.PENDING
 *     $JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER.DELIVERED. … .PENDING.RANDOM
 */
export class ConsumerReply {
  /** The sequence of the message in the stream. */
  sequence = 0;
  /** The number of the delivery of this consumer, from 1. */
  delivery = 0;
  /** When the message was stored, in ms since 1970. */
  time = 0;
  /** The length of the constant first part. It includes DELIVERED: 1, because nothing is redelivered. 0: not known. */
  #prefixLength = 0;

  /** Parses `reply` into the fields. Returns `false` if it is not such a subject. */
  read(reply: string): boolean {
    if (this.#prefixLength === 0 && !this.#learnPrefix(reply)) return false;
    let at = this.#prefixLength;
    if (reply.charCodeAt(at - 1) !== DOT) return false;
    let sequence = 0;
    for (let code = reply.charCodeAt(at); code !== DOT; code = reply.charCodeAt(++at)) {
      // past the end of the text `code` is NaN, which also fails this test
      if (!(code >= ZERO && code <= NINE)) return false;
      sequence = sequence * 10 + code - ZERO;
    }
    at++;
    let delivery = 0;
    for (let code = reply.charCodeAt(at); code !== DOT; code = reply.charCodeAt(++at)) {
      if (!(code >= ZERO && code <= NINE)) return false;
      delivery = delivery * 10 + code - ZERO;
    }
    at++;
    const timeEnd = reply.charCodeAt(at + TIME_DIGITS) === DOT ? at + TIME_DIGITS : reply.indexOf('.', at);
    let time = 0;
    for (const end = timeEnd - BELOW_MS; at < end; at++) time = time * 10 + reply.charCodeAt(at) - ZERO;
    this.sequence = sequence;
    this.delivery = delivery;
    this.time = time;
    return sequence > 0 && delivery > 0 && time > 0;
  }

  #learnPrefix(reply: string): boolean {
    const tokens = reply.split('.');
    if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) return false;
    const fields = tokens.slice(0, tokens.length === 9 ? 5 : 7);
    this.#prefixLength = fields.join('.').length + 1;
    return true;
  }
}
