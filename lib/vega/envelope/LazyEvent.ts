import { compositeCount } from '../compositeCount.js';
import type { Envelope } from './Envelope.js';
import type { KnownType } from './knownTypes.js';
import { type EnvelopeStrings, readStrings } from './readStrings.js';
import { RecentText } from '../wire/RecentText.js';

const chain = new RecentText();

/**
 * An event whose strings and payload are made when they are asked for (promise E4), from bytes that the decoder has checked:
 * no getter throws.
 */
export class LazyEvent {
  readonly type: string;
  readonly blockNr: number;
  readonly sequence: number;
  readonly #bytes: Uint8Array;
  readonly #chainStart: number;
  readonly #chainEnd: number;
  readonly #codec: KnownType['codec'];
  readonly #payloadStart: number;
  readonly #payloadEnd: number;
  #strings: EnvelopeStrings | undefined;
  #payload: unknown;

  constructor(bytes: Uint8Array, envelope: Envelope, known: KnownType) {
    this.type = known.type.name;
    this.blockNr = envelope.blockNr;
    this.sequence = envelope.sequence;
    this.#bytes = bytes;
    this.#chainStart = envelope.chainStart;
    this.#chainEnd = envelope.chainEnd;
    this.#codec = known.codec;
    this.#payloadStart = envelope.payloadStart;
    this.#payloadEnd = envelope.payloadEnd;
  }

  get traceId(): string {
    return (this.#strings ??= readStrings(this.#bytes)).traceId;
  }

  /** Every event of a pipeline is asked for it (`verifyChain`): it has a place of its own, and mostly is the last one's. */
  get chainId(): string {
    return chain.read(this.#bytes, this.#chainStart, this.#chainEnd);
  }

  get txHash(): string {
    return (this.#strings ??= readStrings(this.#bytes)).txHash;
  }

  get payload(): unknown {
    return (this.#payload ??= this.#readPayload());
  }

  get compositeCount(): number {
    return compositeCount(this);
  }

  #readPayload(): unknown {
    const bytes = this.#bytes;
    const start = this.#payloadStart;
    const end = this.#payloadEnd;
    if (this.#codec !== undefined) return this.#codec.read(bytes, start, end);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
  }
}
