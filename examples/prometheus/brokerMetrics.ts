import { Counter, Gauge, type Registry } from 'prom-client';
import { ofType, type AnyEvent, type EventBroker, type SubscriberSnapshot, type Tally } from 'rx-event-broker';

const outcomes = ['delivered', 'failed', 'dropped', 'skipped'] as const;
type Totals = Record<(typeof outcomes)[number], number>;

/**
 * The counters of a broker as metrics. They are read when they are scraped, so there is no work for each event. Call it before
 * anything is subscribed: it follows the notices, to get the last tally of a closed subscriber.
 */
export const brokerMetrics = <E extends AnyEvent>(broker: EventBroker<E>, register: Registry): void => {
  const totals = followTotals(broker);
  const registers = [register];
  const snapshot = () => broker.snapshot();

  new Counter({
    name: 'broker_sent_total',
    help: 'Events dispatched.',
    registers,
    collect() {
      this.reset();
      this.inc(snapshot().sent);
    },
  });
  new Counter({
    name: 'broker_unrouted_total',
    help: 'Dispatched events that no subscriber had asked for.',
    registers,
    collect() {
      this.reset();
      this.inc(snapshot().unrouted);
    },
  });
  new Counter({
    name: 'broker_events_total',
    help: 'Events of a subscriber, by outcome.',
    labelNames: ['subscriber', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const [subscriber, counts] of totals())
        for (const outcome of outcomes) this.inc({ subscriber, outcome }, counts[outcome]);
    },
  });
  new Gauge({
    name: 'broker_pending',
    help: 'Events of a subscriber that wait or are in flight.',
    labelNames: ['subscriber'],
    registers,
    collect() {
      this.reset();
      for (const { name, pending } of snapshot().subscribers) this.inc({ subscriber: name }, pending);
    },
  });
  new Gauge({
    name: 'broker_saturated',
    help: 'Subscribers that pause their source, because their backlog is at its high-water mark.',
    labelNames: ['subscriber'],
    registers,
    collect() {
      this.reset();
      for (const { name, saturated } of snapshot().subscribers) this.inc({ subscriber: name }, Number(saturated));
    },
  });
  const stalls = new Counter({
    name: 'broker_stalls_total',
    help: 'How often a subscriber made no progress for its stallAfter.',
    labelNames: ['subscriber'],
    registers,
  });
  broker.notices$.pipe(ofType('Stalled')).subscribe(({ subscriber: { name } }) => stalls.inc({ subscriber: name }));
};

/**
 * The totals of each name, which never fall. They include subscribers that were closed, and those that still finish their backlog
 * when they are no longer in the snapshot.
 */
const followTotals = <E extends AnyEvent>(broker: EventBroker<E>): (() => ReadonlyMap<string, Totals>) => {
  const left = new Map<string, Totals>();
  /** By key: those that have not ended yet, as they were last seen. */
  const seen = new Map<number, SubscriberSnapshot>();
  let open = true;
  broker.notices$.pipe(ofType('Closed')).subscribe({
    next: ({ subscriber: { key, name }, tally }) => {
      seen.delete(key);
      add(left, name, tally);
    },
    complete: () => (open = false),
  });
  return () => {
    // a closed broker's snapshot still has those that it closed
    if (open) for (const subscriber of broker.snapshot().subscribers) seen.set(subscriber.key, subscriber);
    const totals = new Map([...left].map(([name, counts]) => [name, { ...counts }]));
    for (const subscriber of seen.values()) add(totals, subscriber.name, subscriber);
    return totals;
  };
};

const add = (totals: Map<string, Totals>, name: string, tally: Tally): void => {
  const sum = totals.get(name) ?? { delivered: 0, failed: 0, dropped: 0, skipped: 0 };
  for (const outcome of outcomes) sum[outcome] += tally[outcome];
  totals.set(name, sum);
};
