import type { Tally } from '../flow/contract/Tally.js';

/**
 * A subscriber and its counters.
 * @see node_modules/rx-event-broker/docs/broker/snapshot-and-notices.md
 */
export interface SubscriberSnapshot extends Tally {
  /** Its id, from 1. Reused after the subscriber is closed. */
  readonly id: number;
  /** A number that identifies it for the whole life of the broker: never reused. */
  readonly key: number;
  /** Its name, as given, or `subscriber` and its id. */
  readonly name: string;
  /** Whether it is a required subscriber. */
  readonly required: boolean;
  /** Whether its backlog is at the high-water mark. Always `false` for an optional one. */
  readonly saturated: boolean;
}

/**
 * The counters of a broker so far; after it has closed, the final ones.
 * @see node_modules/rx-event-broker/docs/broker/snapshot-and-notices.md
 */
export interface BrokerSnapshot {
  /** Events dispatched. */
  readonly sent: number;
  /** Dispatched events that no subscriber asked for. */
  readonly unrouted: number;
  /** Whether any required backlog is at its high-water mark. */
  readonly saturated: boolean;
  /** The registered subscribers, in the order of subscription. */
  readonly subscribers: readonly SubscriberSnapshot[];
}
