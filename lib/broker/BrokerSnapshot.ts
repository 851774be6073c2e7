import type { Tally } from '../flow/Tally.js';

/** A subscriber's tally, and who it is. */
export interface SubscriberSnapshot extends Tally {
  readonly id: number;
  readonly key: number;
  readonly name: string;
  readonly required: boolean;
  readonly saturated: boolean;
}

/** What a broker has done so far; of a closed one, the last of it. */
export interface BrokerSnapshot {
  /** Events dispatched. */
  readonly sent: number;
  /** Of them, those that nobody asked for. */
  readonly unrouted: number;
  readonly saturated: boolean;
  readonly subscribers: readonly SubscriberSnapshot[];
}
