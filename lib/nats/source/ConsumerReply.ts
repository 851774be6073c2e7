const DOT = 46;
const ZERO = 48;
const NINE = 57;
/** Digits of nanoseconds that are less than a millisecond. */
const BELOW_MS = 6;

/**
 * What the reply subject of a delivered message tells. One object is read into again and again: this is done for each
 * message.
 *
 *     $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.DELIVERY.NANOSECONDS.PENDING
 *     $JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER.DELIVERED. … .PENDING.RANDOM
 */
export class ConsumerReply {
  /** Its number in the stream. */
  sequence = 0;
  /** Its number among all that the consumer has delivered, from 1. */
  delivery = 0;
  /** When it was stored, in ms since 1970. */
  time = 0;
  /** What the reply subjects of a consumer begin with, how often it was delivered included: without acknowledgements, once. */
  #prefix = '-';

  /** Returns `false` if the text is no such subject. */
  read(reply: string): boolean {
    if (!reply.startsWith(this.#prefix) && !this.#learnPrefix(reply)) return false;
    let at = this.#prefix.length;
    let sequence = 0;
    for (let code = reply.charCodeAt(at); code !== DOT; code = reply.charCodeAt(++at)) {
      // past the end it is no number either
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
    let time = 0;
    for (const end = reply.indexOf('.', at) - BELOW_MS; at < end; at++) time = time * 10 + reply.charCodeAt(at) - ZERO;
    this.sequence = sequence;
    this.delivery = delivery;
    this.time = time;
    return sequence > 0 && delivery > 0 && time > 0;
  }

  #learnPrefix(reply: string): boolean {
    const tokens = reply.split('.');
    if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) return false;
    this.#prefix = `${tokens.slice(0, tokens.length === 9 ? 5 : 7).join('.')}.`;
    return true;
  }
}
