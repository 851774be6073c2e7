import type { Incident, IncidentEvent, IncidentSubscriber } from './Incident.js';
import { scoreOf, type Times } from './Score.js';
import { NOTICES } from './shows.js';
import { timeline } from './timeline.js';

const WORDS = { gap: 'drops no event', stall: 'does not stall', failure: 'does not fail' } as const;

/** The incident as the text of a TypeScript test file. The test fails while the incident reproduces. `recorded`: the number of recorded events. */
export const printed = (incident: Incident, recorded: number): string => {
  const { broker, symptom, who, reason, subscribers, events: sent } = incident;
  const { marbles, events, letters } = scoreOf(sent);
  const helpers = [
    'hot',
    'cold',
    'expectObservable',
    ...(subscribers.some(({ holds }) => holds.length > 0) ? ['level'] : []),
  ];
  const strategies = [
    ...(subscribers.some(one => isKeyed(one)) ? ['keepLatestBy'] : []),
    ...(subscribers.some(({ settings }) => settings.concurrency !== undefined) ? ['lanes'] : []),
  ];
  return `import { filter, map, mergeAll } from 'rxjs';
import { ${['eventBroker', ...strategies, 'ofType'].join(', ')} } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';

interface Sent {
  readonly type: string;
  readonly key?: string;
  /** Marbles of the work on it, by the name of the subscriber. */
  readonly work: Readonly<Record<string, string>>;
}

// ${comment(`Recorded in ${broker}: ${symptom} of ${who}${reason === undefined ? '' : `, ${reason}`}.`)}
// ${sent.length} of ${recorded} events are left. It fails until the cause is gone.
test(${quoted(`${who} ${WORDS[symptom]}`)}, () => {
  runMarbles(({ ${helpers.join(', ')} }) => {
    const broker = eventBroker<Sent>();
    const workOf = (event: Sent | undefined, name: string) =>
      event?.work[name] ? cold(event.work[name]) : undefined;
${subscribers.map(subscription).join('')}
${events.map(eventText).join('')}
    const sent$ = hot(${quoted(marbles)}, {
${Object.entries(letters)
  .map(([letter, times]) => `      ${letter}: [${times.map(timesText).join(', ')}],\n`)
  .join('')}    });

    expectObservable(
      broker.notices$.pipe(
        ofType('${NOTICES[symptom]}'),
        filter(({ subscriber }) => subscriber.name === ${quoted(who)}),
        map(${symptom === 'gap' ? '({ count }) => `${count} dropped`' : symptom === 'stall' ? '({ since }) => `stalled since ${since}`' : '({ error }) => `failed: ${String(error)}`'}),
      ),
    ).toBe('');
    broker.receive(sent$.pipe(mergeAll())).subscribe({ error: () => undefined });
  });
});
`;
};

const isKeyed = ({ settings }: IncidentSubscriber): boolean => settings.overflow === 'keepLatestBy';

const subscription = (one: IncidentSubscriber): string => {
  const { name, required, settings, holds } = one;
  const { types, batches, concurrency, overflow, onFailure, ...bounds } = settings;
  const lines = [
    `name: ${quoted(name)}`,
    `required: ${required}`,
    ...(types === undefined ? [] : [`types: [${types.map(quoted).join(', ')}]`]),
    ...Object.entries(bounds).map(([option, value]) => `${option}: ${value}`),
    ...(required && onFailure !== undefined ? [`onFailure: ${quoted(onFailure)}`] : []),
    ...(required || overflow === undefined
      ? []
      : [`overflow: ${isKeyed(one) ? 'keepLatestBy((event: Sent) => event.key)' : quoted(overflow)}`]),
    ...(concurrency === undefined
      ? []
      : [`lanes: lanes({ concurrency: ${concurrency}${batches === true ? '' : ', by: (event: Sent) => event.key'} })`]),
    ...(holds.length === 0 ? [] : [`hold$: level(${quoted(timeline(holds))})`]),
    batches === true
      ? `nextBatch: ([first]) => workOf(first, ${quoted(name)})`
      : `next: event => workOf(event, ${quoted(name)})`,
  ];
  return `    broker.subscribe({\n${lines.map(line => `      ${line},\n`).join('')}    });\n`;
};

const eventText = ({ type, key, work }: Omit<IncidentEvent, 'at'>, index: number): string => {
  const works = Object.entries(work).map(([name, marbles]) => `${field(name)}: ${quoted(marbles)}`);
  const keyText = key === undefined ? '' : ` key: ${quoted(key)},`;
  return `    const ${nameOf(index)}: Sent = { type: ${quoted(type)},${keyText} work: { ${works.join(', ')} } };\n`;
};

const timesText = ({ event, count }: Times): string =>
  count === 1 ? nameOf(event) : `...new Array<Sent>(${count}).fill(${nameOf(event)})`;

const nameOf = (index: number): string => `event${index + 1}`;

/** A recorded text as a string literal. No character can end the literal or the line. */
const quoted = (text: string): string =>
  `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replace(/[\u2028\u2029]/g, escape)}'`;

/** A text as the name of a field. `__proto__` must be computed, or it would set the prototype. */
const field = (name: string): string => (name === '__proto__' ? `['${name}']` : quoted(name));

const comment = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(/[\u2028\u2029]/g, escape);

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;
