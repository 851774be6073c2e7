import { isPayload } from './knownTypes.js';
import { TAGS } from './tags.js';
import { isMalformed, Malformed } from '../wire/Malformed.js';
import { WireReader } from '../wire/WireReader.js';

const noBytes = new Uint8Array(0);
const lossy = new TextDecoder();

// Constants of this module: a CommonJS build reads an import as a property each time.
const { ID, BLOCK, TYPE, VERSION, CHAIN_ID, TX_HASH } = TAGS;
const PAYLOADS = isPayload;
/** The number of the last field that is not a payload. */
const LAST_FIELD = 6;

const WIRE_TYPE_BITS = 3;
const WIRE_TYPE = 0b111;
const BYTES = 2;

/** The largest varint of one byte, and the bits of a varint's byte that are data. */
const ONE_BYTE = 0x7f;
const MORE = 0x80;

const ZERO = 0x30; // '0'
const DASH = 0x2d; // '-'
/** A number with this many digits is a small integer in V8. */
const MOST_DIGITS = 9;
/** The most bytes of an id that `readPlain` reads: two numbers and a dash. */
const LONGEST_ID = 20;
/** Fewer bytes cannot hold the fields that `readPlain` reads. */
const SHORTEST = 12;

/** What was found, cut to a length that an error message can hold. */
const quote = (bytes: Uint8Array, start: number, end: number): string =>
  `'${lossy.decode(bytes.subarray(start, Math.min(end, start + 40)))}${end - start > 40 ? '…' : ''}'`;

/**
 * Reads an envelope: finds where its parts are, and creates no strings or objects. One `Envelope` reads message after
 * message.
 *
 * ```
 *  id          block     type  version  chain_id   tx_hash    payload
 *  └ blockNr,  └ Start                  └ Start    └ Start    └ Start
 *    sequence    End                      End        End        End
 * ```
 * There are two readers. `readPlain` is fast, and reads only the order and the lengths that a core writes. `readAny` reads
 * every valid envelope, and reports what is wrong with an invalid one. Both must return the same for everything that
 * `readPlain` accepts; a property test compares them.
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
  /** The field number of the payload; 0 if there is none. */
  payloadField = 0;
  payloadStart = 0;
  payloadEnd = 0;

  readonly #reader = new WireReader(noBytes);

  /** Throws `Malformed`. */
  read(bytes: Uint8Array): void {
    if (!this.#readPlain(bytes)) this.#readAny(bytes);
  }

  /** Reads a message as a core writes it. Returns `false` for any other message; do not use the fields then. */
  #readPlain(bytes: Uint8Array): boolean {
    const { length } = bytes;
    if (length < SHORTEST || bytes[0] !== ID) return false;

    let at = 2;
    let end = 2 + bytes[1]!;
    if (end + 2 > length || bytes[1]! > LONGEST_ID) return false;
    let value = 0;
    const dashLimit = Math.min(end, at + MOST_DIGITS);
    for (; at < dashLimit; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === 2 || at >= end || bytes[at] !== DASH) return false;
    this.blockNr = value;
    value = 0;
    at++;
    if (at === end || end - at > MOST_DIGITS) return false;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) return false;
      value = value * 10 + digit;
    }
    this.sequence = value;

    if (bytes[at] !== BLOCK) return false;
    at += 2;
    end = at + bytes[at - 1]!;
    if (bytes[at - 1]! > ONE_BYTE || end + 6 > length) return false; // type, version, and the start of chain_id
    this.blockStart = at;
    this.blockEnd = at = end;

    if (bytes[at] !== TYPE || bytes[at + 1]! > ONE_BYTE || bytes[at + 2] !== VERSION || bytes[at + 3]! > ONE_BYTE)
      return false;
    this.type = bytes[at + 1]!;
    this.version = bytes[at + 3]!;
    at += 4;

    if (bytes[at] !== CHAIN_ID) return false;
    at += 2;
    end = at + bytes[at - 1]!;
    if (bytes[at - 1]! > ONE_BYTE || end + 2 > length) return false;
    this.chainStart = at;
    this.chainEnd = at = end;

    this.txStart = this.txEnd = at;
    if (bytes[at] === TX_HASH) {
      at += 2;
      end = at + bytes[at - 1]!;
      if (bytes[at - 1]! > ONE_BYTE || end + 3 > length) return false;
      this.txStart = at;
      this.txEnd = at = end;
    }

    if (at + 3 > length || bytes[at]! < MORE || bytes[at + 1]! > ONE_BYTE) return false;
    const tag = (bytes[at]! & ONE_BYTE) | (bytes[at + 1]! << 7);
    const field = tag >>> WIRE_TYPE_BITS;
    if ((tag & WIRE_TYPE) !== BYTES || field >= PAYLOADS.length || PAYLOADS[field] === 0) return false;
    at += 2;
    let size = bytes[at++]!;
    if (size > ONE_BYTE) {
      if (at >= length || bytes[at]! > ONE_BYTE) return false;
      size = (size & ONE_BYTE) | (bytes[at++]! << 7);
    }
    if (at + size !== length) return false;
    this.payloadField = field;
    this.payloadStart = at;
    this.payloadEnd = length;
    this.hasId = true;
    return true;
  }

  #readAny(bytes: Uint8Array): void {
    const reader = this.#reader;
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
          case ID: {
            field = 'id';
            const end = reader.content();
            this.#readId(bytes, reader.at, end);
            reader.at = end;
            break;
          }
          case BLOCK:
            field = 'block';
            this.blockEnd = reader.content();
            this.blockStart = reader.at;
            reader.at = this.blockEnd;
            break;
          case TYPE:
            field = 'type';
            this.type = reader.number();
            break;
          case VERSION:
            field = 'version';
            this.version = reader.number();
            break;
          case CHAIN_ID:
            field = 'chain_id';
            this.chainEnd = reader.content();
            this.chainStart = reader.at;
            reader.at = this.chainEnd;
            break;
          case TX_HASH:
            field = 'tx_hash';
            this.txEnd = reader.content();
            this.txStart = reader.at;
            reader.at = this.txEnd;
            break;
          default:
            if (PAYLOADS[tag >>> WIRE_TYPE_BITS]) field = 'payload';
            this.#readOther(tag >>> WIRE_TYPE_BITS, tag & WIRE_TYPE);
        }
      }
      if (!this.hasId) throw new Malformed('an id', 'none', 'id');
    } catch (error) {
      if (isMalformed(error)) error.field ??= field;
      throw error;
    } finally {
      reader.bytes = noBytes; // an idle reader must not keep a chunk in memory
    }
  }

  #readOther(number: number, wireType: number): void {
    const reader = this.#reader;
    if (number <= LAST_FIELD) throw new Malformed('the wire type of its kind', String(wireType), `field ${number}`);
    if (number >= PAYLOADS.length || PAYLOADS[number] === 0) {
      reader.skip(wireType);
      return;
    }
    if (wireType !== BYTES) throw new Malformed('wire type 2', String(wireType));
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
  #readId(bytes: Uint8Array, start: number, end: number): void {
    const malformed = (): Malformed =>
      new Malformed('an id <blockNr>-<sequence>, two decimals below 2^53', quote(bytes, start, end));
    let value = 0;
    let digits = 0;
    let dashes = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
        if (value > Number.MAX_SAFE_INTEGER) throw malformed();
      } else if (bytes[at] === DASH && digits > 0 && dashes === 0) {
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
