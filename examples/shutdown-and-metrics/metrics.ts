import type { BrokerSnapshot, SubscriberSnapshot } from 'rx-event-broker';

const counters = ['offered', 'delivered', 'failed', 'dropped', 'skipped'] as const;

/** A snapshot as the text that Prometheus scrapes. The counts are the broker's own: nothing is added up an event. */
export const metrics = (snapshot: BrokerSnapshot): string => {
  const family = (name: string, type: 'counter' | 'gauge', samples: readonly string[]): readonly string[] => [
    `# TYPE ${name} ${type}`,
    ...samples.map(sample => `${name}${sample}`),
  ];
  const each = (value: (subscriber: SubscriberSnapshot) => number | boolean): readonly string[] =>
    snapshot.subscribers.map(subscriber => `${labels(subscriber)} ${Number(value(subscriber))}`);
  return [
    ...family('broker_sent_total', 'counter', [` ${snapshot.sent}`]),
    ...family('broker_unrouted_total', 'counter', [` ${snapshot.unrouted}`]),
    ...counters.flatMap(count =>
      family(
        `broker_${count}_total`,
        'counter',
        each(subscriber => subscriber[count]),
      ),
    ),
    ...family(
      'broker_pending',
      'gauge',
      each(({ pending }) => pending),
    ),
    ...family(
      'broker_saturated',
      'gauge',
      each(({ saturated }) => saturated),
    ),
    '',
  ].join('\n');
};

/** `key` is never used again, so that two subscribers of one name, or one after the other, are not taken for one. */
const labels = ({ name, key }: SubscriberSnapshot): string =>
  `{subscriber="${name.replace(/[\\"\n]/g, sign => (sign === '\n' ? '\\n' : `\\${sign}`))}",key="${key}"}`;
