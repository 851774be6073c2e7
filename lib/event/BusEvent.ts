import type { AnyEvent } from './AnyEvent.js';
import type { Position } from './Position.js';

/**
 * An event of a chain: its payload and where it came from.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export interface BusEvent<Type extends string = string, Payload = unknown> extends AnyEvent, Position {
  /** The type of the event, by which it is routed. */
  readonly type: Type;
  /** The data of the event. */
  readonly payload: Payload;
  /** The hash of its block. */
  readonly traceId: string;
  /** The chain that it belongs to. */
  readonly chainId: string;
  /** The hash of the transaction that caused it; outside a transaction, the hash of the block. May be empty. */
  readonly txHash: string;
  /**
   * How many records the event stands for: usually 1, may be 0. The `sequence` of the next event is `sequence` plus
   * `compositeCount`.
   */
  readonly compositeCount: number;
}
