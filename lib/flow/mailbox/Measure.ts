/** Reads a unit, which a mailbox hands over in one call: an event, or a batch of events. */
export interface Measure<U, E> {
  /** Number of events. */
  readonly weigh: (unit: U) => number;
  /** The first event. */
  readonly first: (unit: U) => E;
  /** The last event. */
  readonly last: (unit: U) => E;
  /** All events, in order. */
  readonly events: (unit: U) => readonly E[];
}

const same = <E>(event: E): E => event;

export const singleEvent: Measure<unknown, unknown> = {
  weigh: () => 1,
  first: same,
  last: same,
  events: event => [event],
};

export const batchOfEvents: Measure<readonly unknown[], unknown> = {
  weigh: batch => batch.length,
  first: batch => batch[0],
  last: batch => batch[batch.length - 1],
  events: same,
};
