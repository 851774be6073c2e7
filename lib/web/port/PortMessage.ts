/** A run of values that the sender has dropped. `first` and `last` are absent if they cannot be cloned. */
export interface PortGap {
  readonly count: number;
  readonly reason: string;
  readonly first?: unknown;
  readonly last?: unknown;
}

/** From the sink to the source. */
export type FromSink =
  /** The sink has started. The source answers with `open`. */
  | { readonly kind: 'hello'; readonly required: boolean }
  /** A value with its number in the session, from 1, and the gaps before it. */
  | {
      readonly kind: 'value';
      readonly session: string;
      readonly number: number;
      readonly value: unknown;
      readonly gaps: readonly PortGap[];
    }
  /** The sink has completed. `gaps` come after the last value. */
  | { readonly kind: 'complete'; readonly gaps: readonly PortGap[] }
  /** A required sink was closed before all its values were settled. */
  | { readonly kind: 'closed'; readonly unsettled: number };

/** From the source to the sink. */
export type FromSource =
  /** The source was subscribed to. Each subscription is a session. */
  | { readonly kind: 'open'; readonly session: string; readonly credit: number }
  /** The number of the last settled value, and the highest number that the sink may send. */
  | { readonly kind: 'progress'; readonly session: string; readonly settled: number; readonly credit: number }
  /** The source was unsubscribed. */
  | { readonly kind: 'left'; readonly session: string };

/** Marks the messages of this protocol, and their channel, on a port that is shared with other messages. */
export interface PortEnvelope<M> {
  /** The version of the protocol. */
  readonly rxEventBroker: number;
  readonly channel: string;
  readonly from: 'sink' | 'source';
  readonly message: M;
}

/** The version of the protocol. Both sides must use the same one. */
export const PORT_VERSION = 1;

/** The default credit: how many values may be in flight. */
export const DEFAULT_CREDIT = 256;

export type PortMessage = FromSink | FromSource;
