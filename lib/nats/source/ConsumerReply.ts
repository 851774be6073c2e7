const DOT = 46;
const ZERO = 48;

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
  /** What the reply subjects of a consumer begin with. */
  #prefix = '-';
  #text = '';
  #at = 0;

  /** Returns `false` if the text is no such subject. */
  read(reply: string): boolean {
    if (!reply.startsWith(this.#prefix) && !this.#learnPrefix(reply)) return false;
    this.#text = reply;
    this.#at = this.#prefix.length;
    this.#number(); // how often it was delivered
    this.sequence = this.#number();
    this.delivery = this.#number();
    const nanoseconds = this.#at;
    const end = reply.indexOf('.', nanoseconds);
    this.time = end < 0 ? NaN : Number(reply.slice(nanoseconds, end - BELOW_MS));
    return this.sequence > 0 && this.delivery > 0 && this.time > 0;
  }

  #learnPrefix(reply: string): boolean {
    const tokens = reply.split('.');
    if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || (tokens.length !== 9 && tokens.length < 11)) return false;
    this.#prefix = `${tokens.slice(0, tokens.length === 9 ? 4 : 6).join('.')}.`;
    return true;
  }

  /** The number before the next dot. */
  #number(): number {
    let value = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === DOT) break;
      value = value * 10 + code - ZERO;
    }
    this.#at++;
    return value;
  }
}
