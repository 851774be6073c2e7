import { isMalformed, Malformed } from './wire/Malformed.js';
import { WireReader } from './wire/WireReader.js';

const nothing = new Uint8Array(0);
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

  private readonly reader = new WireReader(nothing);

  /** `isPayload` is not 0 at the numbers of payload fields. Throws `Malformed`. */
  read(bytes: Uint8Array, isPayload: Uint8Array): void {
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
            reader.checkText();
            this.blockStart = reader.textStart;
            this.blockEnd = reader.at;
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
            reader.checkText();
            this.chainStart = reader.textStart;
            this.chainEnd = reader.at;
            break;
          case 0x32:
            field = 'tx_hash';
            reader.checkText();
            this.txStart = reader.textStart;
            this.txEnd = reader.at;
            break;
          default:
            this.readOther(tag >>> 3, tag & 7, isPayload);
        }
      }
      if (!this.hasId) throw new Malformed('an id', 'none', (field = 'id'));
    } catch (error) {
      if (isMalformed(error)) error.field ??= field;
      throw error;
    } finally {
      reader.bytes = nothing; // an idle decoder keeps no chunk alive
    }
  }

  private readOther(number: number, wireType: number, isPayload: Uint8Array): void {
    const { reader } = this;
    if (number <= 6) throw new Malformed('the wire type of its kind', String(wireType), `field ${number}`);
    if (number >= isPayload.length || isPayload[number] === 0) {
      reader.skip(wireType);
      return;
    }
    if (wireType !== 2) throw new Malformed('wire type 2', String(wireType), `field ${number}`);
    if (this.payloadField !== 0)
      throw new Malformed('one payload', `fields ${this.payloadField} and ${number}`, 'payload');
    const end = reader.content();
    this.payloadField = number;
    this.payloadStart = reader.at;
    this.payloadEnd = end;
    reader.at = end;
  }

  /** `<blockNr>-<sequence>`, both decimal. */
  private readId(bytes: Uint8Array, start: number, end: number): void {
    let value = 0;
    let digits = 0;
    let dashes = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit >= 0 && digit <= 9 && value <= Number.MAX_SAFE_INTEGER) {
        value = value * 10 + digit;
        digits++;
      } else if (digit === -3 && digits > 0 && dashes === 0 && value <= Number.MAX_SAFE_INTEGER) {
        this.blockNr = value;
        value = digits = 0;
        dashes++;
      } else {
        throw new Malformed('an id <blockNr>-<sequence>, two decimals below 2^53', quote(bytes, start, end));
      }
    }
    if (dashes !== 1 || digits === 0 || value > Number.MAX_SAFE_INTEGER) {
      throw new Malformed('an id <blockNr>-<sequence>, two decimals below 2^53', quote(bytes, start, end));
    }
    this.sequence = value;
    this.hasId = true;
  }
}
