import type { BrokerSnapshot, SubscriberSnapshot } from 'rx-event-broker';

const counters = ['offered', 'delivered', 'failed', 'dropped', 'skipped'] as const;

/** A snapshot in the text format of Prometheus. The counts are the broker's own, so there is no work for each event. */
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

/** A `key` is never used again. So two subscribers with the same name stay apart, even if one replaces the other. */
const labels = ({ name, key }: SubscriberSnapshot): string =>
  `{subscriber="${name.replace(/[\\"\n]/g, sign => (sign === '\n' ? '\\n' : `\\${sign}`))}",key="${key}"}`;
