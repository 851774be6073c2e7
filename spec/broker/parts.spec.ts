import { describe, expect, test } from '@jest/globals';
import { All, eventBroker, OptionError, type EventSink, type EventView } from 'rx-event-broker';
import { a, b, c, type Tick } from './ticks.js';

type A = { readonly type: 'A'; readonly n: number };
type B = { readonly type: 'B'; readonly n: number };
type C = { readonly type: 'C'; readonly n: number };

const abc = () => eventBroker<A | B | C>({ unlisted: ['C'] });
const send = (broker: EventSink<A | B | C>) => {
  for (const event of [a(1), b(2), c(3)]) broker.send(event);
};

describe('EventSink', () => {
  test('I7a a broker is a sink: its send can be detached from it', () => {
    const broker = eventBroker<Tick>();
    const seen: number[] = [];
    broker.subscribe({ required: true, next: ({ n }) => void seen.push(n) });
    const { send: only }: EventSink<Tick> = broker;
    expect([only(a(1)), seen]).toEqual([true, [1]]);
  });
});

describe('a view', () => {
  test('I7b without types, and with All, its subscribers get the types of the view', () => {
    const broker = abc();
    const seen: unknown[] = [];
    const view = broker.only('A', 'C');
    expect(view.types).toEqual(['A', 'C']);
    view.subscribe({ required: true, next: ({ type }) => void seen.push(type) });
    view.subscribe({ required: true, types: [], next: ({ type }: A | C) => void seen.push(`none ${type}`) });
    view.subscribe({ required: true, types: [All], nextBatch: ([event]) => void seen.push(`All ${event!.type}`) });
    view.subscribe({ required: true, types: [All, 'A'], next: ({ type }) => void seen.push(`both ${type}`) });
    view.stream({ required: false }).subscribe(({ type }) => seen.push(`stream ${type}`));
    send(broker);
    const each = (type: string) => [type, `none ${type}`, `All ${type}`, `both ${type}`, `stream ${type}`];
    expect(seen).toEqual([...each('A'), ...each('C')]);
  });

  test('I7b a subscriber with types of its own gets those', () => {
    const broker = abc();
    const seen: string[] = [];
    broker.only('A', 'B').subscribe({ required: true, types: ['B'], next: ({ type }) => void seen.push(type) });
    send(broker);
    expect(seen).toEqual(['B']);
  });

  test('I7c a type that is not in the view is an OptionError', async () => {
    const broker = abc();
    const view = broker.only('A', 'B') as unknown as EventView<A | B | C>;
    const wrong = { required: true, types: ['C'] } as const;
    const said = "types: expected one of A, B, found 'C'";
    expect(() => view.subscribe({ ...wrong, next: () => {} })).toThrow(said);
    expect(() => view.subscribe({ ...wrong, types: [All, 'C'], next: () => {} })).toThrow(said);
    expect(() => view.iterate(wrong)).toThrow(said);
    const errors: unknown[] = [];
    view.stream({ required: false, types: ['C'] }).subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject([{ name: 'OptionError' }]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('I7c so is a view of no types, or of a value that is not a type', () => {
    const { only } = abc() as unknown as { only: (...types: unknown[]) => unknown };
    for (const types of [[], [['A']], [undefined], [All]]) expect(() => only(...types)).toThrow(OptionError);
  });

  test('I7d it has only what a listener needs', () => {
    const keys = Object.keys(abc().only('A')).sort();
    expect(keys).toEqual(['iterate', 'stream', 'subscribe', 'types']);
  });
});
