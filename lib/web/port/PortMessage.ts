/** A run of values that did not fit at the sender. Without the values if they cannot be cloned. */
export interface PortGap {
  readonly count: number;
  readonly reason: string;
  readonly first?: unknown;
  readonly last?: unknown;
}

/** From the sink to the source. */
export type FromSink =
  /** It is there, and how it delivers. The answer is `open`. */
  | { readonly kind: 'hello'; readonly required: boolean }
  /** A value, with its number in this session, from 1; and what was dropped before it. */
  | {
      readonly kind: 'value';
      readonly session: string;
      readonly number: number;
      readonly value: unknown;
      readonly gaps: readonly PortGap[];
    }
  /** Nothing more will come. */
  | { readonly kind: 'complete'; readonly gaps: readonly PortGap[] }
  /** It was closed before what it had sent was settled. */
  | { readonly kind: 'closed'; readonly unsettled: number };

/** From the source to the sink. */
export type FromSource =
  /** It was subscribed to. Each subscription is a session. */
  | { readonly kind: 'open'; readonly session: string; readonly credit: number }
  /** How many values it has given and settled, from the first, and the number up to which values may be sent. */
  | { readonly kind: 'progress'; readonly session: string; readonly settled: number; readonly credit: number }
  /** It was unsubscribed from. */
  | { readonly kind: 'left'; readonly session: string };

/** Whoever shares a port tells these messages apart from others, and channels from one another. */
export interface PortEnvelope<M> {
  /** The version of the protocol. */
  readonly rxEventBroker: number;
  readonly channel: string;
  readonly from: 'sink' | 'source';
  readonly message: M;
}

/** The version of the protocol. Both sides must be of one. */
export const PORT_VERSION = 1;

/** Values on their way that a source takes, unless it says otherwise. */
export const DEFAULT_CREDIT = 256;

export type PortMessage = FromSink | FromSource;
