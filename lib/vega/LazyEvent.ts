import type { Envelope } from './Envelope.js';
import type { EventType } from './eventTypes.js';
import type { RecentText } from './RecentText.js';
import type { MessageCodec } from './wire/message.js';

/** What a decoder knows of the type of an event. */
export interface KnownType {
  readonly type: EventType;
  readonly codec: MessageCodec<unknown> | undefined;
  /** Whether it stands for as many records as it has order ids. */
  readonly composite: boolean;
}

/** The last strings of a decoder. */
export interface RecentTexts {
  readonly block: RecentText;
  readonly chain: RecentText;
  readonly tx: RecentText;
}

/**
 * An event whose strings and payload are made when they are asked for (promise E4), from bytes that the decoder has checked:
 * no getter throws.
 */
export class LazyEvent {
  readonly type: string;
  readonly blockNr: number;
  readonly sequence: number;
  readonly #known: KnownType;
  readonly #texts: RecentTexts;
  readonly #bytes: Uint8Array;
  readonly #blockStart: number;
  readonly #blockEnd: number;
  readonly #chainStart: number;
  readonly #chainEnd: number;
  readonly #txStart: number;
  readonly #txEnd: number;
  readonly #payloadStart: number;
  readonly #payloadEnd: number;
  #traceId: string | undefined;
  #chainId: string | undefined;
  #txHash: string | undefined;
  #payload: unknown;

  constructor(bytes: Uint8Array, envelope: Envelope, known: KnownType, texts: RecentTexts) {
    this.type = known.type.name;
    this.blockNr = envelope.blockNr;
    this.sequence = envelope.sequence;
    this.#known = known;
    this.#texts = texts;
    this.#bytes = bytes;
    this.#blockStart = envelope.blockStart;
    this.#blockEnd = envelope.blockEnd;
    this.#chainStart = envelope.chainStart;
    this.#chainEnd = envelope.chainEnd;
    this.#txStart = envelope.txStart;
    this.#txEnd = envelope.txEnd;
    this.#payloadStart = envelope.payloadStart;
    this.#payloadEnd = envelope.payloadEnd;
  }

  get traceId(): string {
    return (this.#traceId ??= this.#texts.block.read(this.#bytes, this.#blockStart, this.#blockEnd));
  }

  get chainId(): string {
    return (this.#chainId ??= this.#texts.chain.read(this.#bytes, this.#chainStart, this.#chainEnd));
  }

  get txHash(): string {
    // Outside of a transaction it is the block's hash.
    return (this.#txHash ??=
      this.#texts.block.find(this.#bytes, this.#txStart, this.#txEnd) ??
      this.#texts.tx.read(this.#bytes, this.#txStart, this.#txEnd));
  }

  get payload(): unknown {
    return (this.#payload ??= this.#readPayload());
  }

  get compositeCount(): number {
    return this.#known.composite ? (this.payload as { readonly orderIds: readonly string[] }).orderIds.length : 1;
  }

  #readPayload(): unknown {
    const bytes = this.#bytes;
    const { codec } = this.#known;
    if (codec !== undefined) return codec.read(bytes, this.#payloadStart, this.#payloadEnd);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + this.#payloadStart, this.#payloadEnd - this.#payloadStart);
  }
}
