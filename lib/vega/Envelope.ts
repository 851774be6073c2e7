import { isMalformed, Malformed } from './wire/Malformed.js';
import { WireReader } from './wire/WireReader.js';

const noBytes = new Uint8Array(0);
const lossy = new TextDecoder();

/** What was found, cut to a length that a message can hold. */
const quote = (bytes: Uint8Array, start: number, end: number): string =>
  `'${lossy.decode(bytes.subarray(start, Math.min(end, start + 40)))}${end - start > 40 ? '…' : ''}'`;

/**
 * Where things lie in a message: positions, no strings, nothing made. Read again and again, one message after the other.
 *
 * ```
 *  id          block     type  version  chain_id   tx_hash    payload
 *  └ blockNr,  └ Start                  └ Start    └ Start    └ Start
 *    sequence    End                      End        End        End
 * ```
 * There are two readers: one for the order and the lengths that a core writes, and one for everything else that is legal, which
 * says what is wrong where it is not. What the first one reads, the second one must read the same; a property test holds it to that.
 */
export class Envelope {
  hasId = false;
  blockNr = 0;
  sequence = 0;
  type = 0;
  version = 0;
  blockStart = 0;
  blockEnd = 0;
  chainStart = 0;
  chainEnd = 0;
  txStart = 0;
  txEnd = 0;
  /** The payload's field number; 0 where there is none. */
  payloadField = 0;
  payloadStart = 0;
  payloadEnd = 0;

  private readonly reader = new WireReader(noBytes);

  /** `isPayload` is not 0 at the numbers of payload fields. */
  constructor(private readonly isPayload: Uint8Array) {}

  /** Throws `Malformed`. */
  read(bytes: Uint8Array): void {
    if (!this.readPlain(bytes)) this.readAny(bytes);
  }

  /** Reads the usual; `false`: it is something else, and what was read so far counts for nothing. */
  private readPlain(bytes: Uint8Array): boolean {
    const { length } = bytes;
    if (length < 12 || bytes[0] !== 0x0a) return false;

    let at = 2;
    let end = 2 + bytes[1]!;
    if (end + 2 > length || bytes[1]! > 20) return false;
    let value = 0;
    const dashLimit = Math.min(end, at + 9); // nine digits: a small integer
    for (; at < dashLimit; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === 2 || at >= end || bytes[at] !== 0x2d) return false;
    this.blockNr = value;
    value = 0;
    at++;
    if (at === end || end - at > 9) return false;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return false;
      value = value * 10 + digit;
    }
    this.sequence = value;

    if (bytes[at] !== 0x12) return false;
    at += 2;
    end = at + bytes[at - 1]!;
    if (bytes[at - 1]! > 0x7f || end + 6 > length) return false;
    this.blockStart = at;
    this.blockEnd = at = end;

    if (bytes[at] !== 0x18 || bytes[at + 1]! > 0x7f || bytes[at + 2] !== 0x20 || bytes[at + 3]! > 0x7f) return false;
    this.type = bytes[at + 1]!;
    this.version = bytes[at + 3]!;
    at += 4;

    if (bytes[at] !== 0x2a) return false;
    at += 2;
    end = at + bytes[at - 1]!;
    if (bytes[at - 1]! > 0x7f || end + 2 > length) return false;
    this.chainStart = at;
    this.chainEnd = at = end;

    this.txStart = this.txEnd = at;
    if (bytes[at] === 0x32) {
      at += 2;
      end = at + bytes[at - 1]!;
      if (bytes[at - 1]! > 0x7f || end + 3 > length) return false;
      this.txStart = at;
      this.txEnd = at = end;
    }

    if (at + 3 > length || bytes[at]! < 0x80 || bytes[at + 1]! > 0x7f) return false;
    const tag = (bytes[at]! & 0x7f) | (bytes[at + 1]! << 7);
    const field = tag >>> 3;
    if ((tag & 7) !== 2 || field >= this.isPayload.length || this.isPayload[field] === 0) return false;
    at += 2;
    let size = bytes[at++]!;
    if (size > 0x7f) {
      if (at >= length || bytes[at]! > 0x7f) return false;
      size = (size & 0x7f) | (bytes[at++]! << 7);
    }
    if (at + size !== length) return false;
    this.payloadField = field;
    this.payloadStart = at;
    this.payloadEnd = length;
    this.hasId = true;
    return true;
  }

  private readAny(bytes: Uint8Array): void {
    const { reader } = this;
    reader.bytes = bytes;
    reader.at = 0;
    reader.end = bytes.length;
    this.hasId = false;
    this.type = this.version = this.payloadField = 0;
    this.blockStart = this.blockEnd = this.chainStart = this.chainEnd = this.txStart = this.txEnd = 0;
    let field: string | undefined;
    try {
      while (reader.at < reader.end) {
        field = undefined;
        const tag = reader.tag();
        switch (tag) {
          case 0x0a: {
            field = 'id';
            const end = reader.content();
            this.readId(bytes, reader.at, end);
            reader.at = end;
            break;
          }
          case 0x12:
            field = 'block';
            this.blockEnd = reader.content();
            this.blockStart = reader.at;
            reader.at = this.blockEnd;
            break;
          case 0x18:
            field = 'type';
            this.type = reader.number();
            break;
          case 0x20:
            field = 'version';
            this.version = reader.number();
            break;
          case 0x2a:
            field = 'chain_id';
            this.chainEnd = reader.content();
            this.chainStart = reader.at;
            reader.at = this.chainEnd;
            break;
          case 0x32:
            field = 'tx_hash';
            this.txEnd = reader.content();
            this.txStart = reader.at;
            reader.at = this.txEnd;
            break;
          default:
            if (this.isPayload[tag >>> 3]) field = 'payload';
            this.readOther(tag >>> 3, tag & 7);
        }
      }
      if (!this.hasId) throw new Malformed('an id', 'none', 'id');
    } catch (error) {
      if (isMalformed(error)) error.field ??= field;
      throw error;
    } finally {
      reader.bytes = noBytes; // an idle decoder keeps no chunk alive
    }
  }

  private readOther(number: number, wireType: number): void {
    const { reader, isPayload } = this;
    if (number <= 6) throw new Malformed('the wire type of its kind', String(wireType), `field ${number}`);
    if (number >= isPayload.length || isPayload[number] === 0) {
      reader.skip(wireType);
      return;
    }
    if (wireType !== 2) throw new Malformed('wire type 2', String(wireType));
    if (this.payloadField !== 0) {
      throw new Malformed('one payload', `fields ${this.payloadField} and ${number}`);
    }
    const end = reader.content();
    this.payloadField = number;
    this.payloadStart = reader.at;
    this.payloadEnd = end;
    reader.at = end;
  }

  /** `<blockNr>-<sequence>`, both decimal. */
  private readId(bytes: Uint8Array, start: number, end: number): void {
    const malformed = (): Malformed =>
      new Malformed('an id <blockNr>-<sequence>, two decimals below 2^53', quote(bytes, start, end));
    let value = 0;
    let digits = 0;
    let dashes = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
        if (value > Number.MAX_SAFE_INTEGER) throw malformed();
      } else if (bytes[at] === 0x2d && digits > 0 && dashes === 0) {
        this.blockNr = value;
        value = digits = 0;
        dashes++;
      } else throw malformed();
    }
    if (dashes !== 1 || digits === 0) throw malformed();
    this.sequence = value;
    this.hasId = true;
  }
}
