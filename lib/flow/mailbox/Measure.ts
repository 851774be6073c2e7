/** What a mailbox hands over in one call: an event, or a batch of them. All its counts are in events. */
export interface Measure<U, E> {
  /** How many events it has. */
  readonly weigh: (unit: U) => number;
  /** The first of them. */
  readonly first: (unit: U) => E;
  /** The last of them. */
  readonly last: (unit: U) => E;
  /** All of them, in order. */
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
