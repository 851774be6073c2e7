import { compositeCount } from '../compositeCount.js';
import type { Envelope } from './Envelope.js';
import type { KnownType } from './knownTypes.js';
import { type EnvelopeStrings, readStrings } from './readStrings.js';
import { RecentText } from '../wire/RecentText.js';

const chain = new RecentText();

/**
 * An event whose strings and payload are created on first access (promise E4). The decoder has checked the bytes, so no
 * getter throws.
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

  /** Cached, because `verifyChain` reads it for every event, and it is mostly the same as for the previous event. */
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
