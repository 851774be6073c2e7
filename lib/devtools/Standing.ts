import type { InspectRecord } from '../inspect/InspectRecord.js';
import type { Line } from './Line.js';

/** How many deliveries in flight are kept for one subscriber. */
const MOST_IN_FLIGHT = 1000;

/** The current facts about a broker or a subscriber, each with the line that established it. */
type Facts = Map<string, Line>;

/** The records that still apply: of existing subscribers, deliveries in flight, holds, saturation, stalls and pauses. */
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

  /** The lines in the order of arrival, without duplicates. */
  lines(): readonly Line[] {
    const all = [...this.#brokers.values()].flatMap(({ facts, subscribers }) => [facts, ...subscribers.values()]);
    return [...new Set(all.flatMap(facts => [...facts.values()]))].sort((a, b) => a.nr - b.nr);
  }
}

/** Adds the fact that a record establishes, and removes the one that it ends. */
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
