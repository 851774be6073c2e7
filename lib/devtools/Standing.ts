import type { InspectRecord } from '../inspect/InspectRecord.js';
import type { Line } from './Line.js';

/** Deliveries in flight that are kept of one subscriber. */
const MOST_IN_FLIGHT = 1000;

/** The lines of one broker, or of one of its subscribers, by what they have made so. */
type Facts = Map<string, Line>;

/** The records whose effect still stands: who is there, what is in flight, who is held, saturated, stalled or paused. */
export class Standing {
  readonly #brokers = new Map<string, { readonly facts: Facts; readonly subscribers: Map<number, Facts> }>();

  add(line: Line): void {
    const { record } = line;
    if (typeof record !== 'object' || record === null) return;
    const { broker, subscriber, kind } = record;
    if (subscriber === undefined && (kind === 'closed' || kind === 'stopped')) this.#brokers.delete(broker);
    else if (subscriber !== undefined && kind === 'closed')
      this.#brokers.get(broker)?.subscribers.delete(subscriber.key);
    else {
      const known = this.#brokers.get(broker) ?? {
        facts: new Map<string, Line>(),
        subscribers: new Map<number, Facts>(),
      };
      this.#brokers.set(broker, known);
      if (subscriber === undefined) change(known.facts, line);
      else {
        const facts = known.subscribers.get(subscriber.key) ?? new Map<string, Line>();
        known.subscribers.set(subscriber.key, facts);
        change(facts, line);
      }
    }
  }

  /** In the order in which they came, each once. */
  lines(): readonly Line[] {
    const all = [...this.#brokers.values()].flatMap(({ facts, subscribers }) => [facts, ...subscribers.values()]);
    return [...new Set(all.flatMap(facts => [...facts.values()]))].sort((a, b) => a.nr - b.nr);
  }
}

/** What a record begins, and what it ends. */
const change = (facts: Facts, line: Line): void => {
  const { kind, event, backlog } = line.record;
  const delivery = `delivery ${event ?? ''}`;
  if (backlog !== undefined) facts.set('backlog', line);
  switch (kind) {
    case 'opened':
    case 'subscribed':
    case 'held':
    case 'saturated':
    case 'stalled':
    case 'paused':
      facts.set(kind, line);
      return;
    case 'began':
      facts.delete('stalled');
      if (!facts.has(delivery)) facts.set(delivery, line);
      dropOldest(facts);
      return;
    case 'ended':
    case 'failed':
      facts.delete('stalled');
      facts.delete(delivery);
      return;
    default:
      facts.delete(ENDS[kind] ?? '');
  }
};

const ENDS: Readonly<Partial<Record<InspectRecord['kind'], string>>> = {
  released: 'held',
  cleared: 'saturated',
  resumed: 'paused',
};

const dropOldest = (facts: Facts): void => {
  if (facts.size <= MOST_IN_FLIGHT) return;
  for (const name of facts.keys()) {
    if (!name.startsWith('delivery ')) continue;
    facts.delete(name);
    return;
  }
};
