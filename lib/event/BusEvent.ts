import type { AnyEvent } from './AnyEvent.js';
import type { Position } from './Position.js';

/** An event of a chain: a payload, and where it came from. */
export interface BusEvent<Type extends string = string, Payload = unknown> extends AnyEvent, Position {
  readonly type: Type;
  readonly payload: Payload;
  /** The hash of the block. */
  readonly traceId: string;
  readonly chainId: string;
  /** The transaction that caused it; outside of one, the block's hash. May be empty. */
  readonly txHash: string;
  /** How many records it stands for: mostly 1, may be 0. The next event's `sequence` is this one's plus this. */
  readonly compositeCount: number;
}
