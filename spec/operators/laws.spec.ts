import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { delay, map, NEVER, of, type Observable } from 'rxjs';
import { right } from 'fp-ts/lib/Either.js';
import type { AnyEvent } from '../../lib/event/AnyEvent.js';
import type { BusEvent } from '../../lib/event/BusEvent.js';
import { backpressure, type Projected } from '../../lib/operators/backpressure.js';
import { batchUntil } from '../../lib/operators/batchUntil.js';
import { deserialize } from '../../lib/operators/deserialize.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { ofType } from '../../lib/operators/ofType.js';
import { pausable } from '../../lib/operators/pausable.js';
import { verifyChain } from '../../lib/operators/verifyChain.js';
import { verifySequence } from '../../lib/operators/verifySequence.js';
import { attachVegaTime, type VegaEvent } from '../../lib/vega.js';
import { lanes, memoryParking, park } from 'rx-event-broker';
import { eventOf, operatorLaws, type OperatorUnderTest } from 'rx-event-broker/testing';
import { joinsLate } from './joinsLate.js';

type Numbered = AnyEvent & { readonly n: number };
const numbered = (n: number): Numbered => ({ type: n % 3 === 2 ? 'End' : 'Trade', n });
const inSequence = (n: number): BusEvent<'Trade'> => eventOf('Trade', { sequence: n + 1 });
const batches = (events: readonly Numbered[]): readonly (readonly Numbered[])[] =>
  Array.from({ length: Math.ceil(events.length / 3) }, (_, i) => events.slice(3 * i, 3 * i + 3));

const byte = (n: number): Uint8Array => Uint8Array.of(n % 256);
const decoder = { decode: (bytes: Uint8Array) => right<never, Numbered>({ type: 'Byte', n: bytes[0] ?? 0 }) };

/** Virtual time is slow, so operators that use it get fewer values. So do the many mutants. */
const MANY = process.env['MUTATE'] === undefined ? 20_000 : 300;
const FEWER = Math.min(MANY, 3_000);
const number = (n: number): number => n;
const atOnce = (n: number): Observable<number> => of(n);
const late = <T>(value: T): Observable<T> => of(value).pipe(delay(1));
const mailboxes: Record<string, (n: number) => Observable<number>> = {
  never: atOnce,
  always: n => late(n),
  sometimes: n => (n % 3 === 1 ? late(n) : of(n)),
};

/** Three keys. */
const keyOf = (n: number): number => n % 3;
const failing =
  (project: (n: number) => Observable<number>, fails: (n: number) => boolean) =>
  (n: number): Observable<number> =>
    project(n).pipe(
      map(value => {
        if (fails(n)) throw new Error(`${n} fails`);
        return value;
      }),
    );
const isOfLastKey = (n: number): boolean => keyOf(n) === 2;
const isFirstOfLastKey = (n: number): boolean => n === 2;
const notOfLastKey = (all: readonly number[]): readonly number[] => all.filter(n => !isOfLastKey(n));
const notices = { next: () => undefined };

type Row = Omit<OperatorUnderTest<never, unknown>, 'test'>;
const row = <T, R = T>(operator: Omit<OperatorUnderTest<T, R>, 'test'>): Row => operator as unknown as Row;

/** Nothing of the last key comes out: either each value fails, or the first one does, and the others are parked after it. */
const parkingRows = (when: string, project: (n: number) => Observable<number>): readonly (readonly [string, Row])[] => {
  const common = { required: true, maxPending: Infinity, name: 'laws', notices } as const;
  const each = { ...common, project: failing(project, isOfLastKey) };
  const first = { ...common, project: failing(project, isFirstOfLastKey) };
  const inKeys = (): Projected<number, number> => ({
    ...first,
    onFailure: park(memoryParking<number>(), { by: keyOf }),
  });
  const inLanes = (): Projected<number, number> => ({
    ...first,
    lanes: lanes({ concurrency: 2, by: keyOf }),
    onFailure: park(memoryParking<number>()),
  });
  const supports = { input: number, output: notOfLastKey, firehose: when === 'never' ? MANY : FEWER };
  const rows: Record<string, Row> = {
    'a dead letter': row({ factory: () => backpressure({ ...each, onFailure: ([n]) => project(n!) }), supports }),
    'parking without a key': row({
      factory: () => backpressure({ ...each, onFailure: park(memoryParking<number>()) }),
      supports,
    }),
    'parking by key': row({
      factory: () => backpressure(inKeys()),
      supports: {
        ...supports,
        notifiers: {
          skip$: skip$ => backpressure({ ...inKeys(), skip$ }),
          hold$: hold$ => backpressure({ ...inKeys(), hold$ }),
        },
      },
    }),
    // if only some of the work is asynchronous, one key overtakes the other
    ...(when !== 'sometimes' && { 'parking in lanes': row({ factory: () => backpressure(inLanes()), supports }) }),
  };
  return Object.entries(rows).map(([name, one]) => [`backpressure with ${name}, ${when} asynchronous`, one]);
};

/** Late subscribers of a broker with `replay`. */
const lateRows = (when: string, project: (n: number) => Observable<number>): readonly (readonly [string, Row])[] => {
  const common = { since: 'replay', project: (event: Numbered) => project(event.n).pipe(map(() => event)) } as const;
  return [
    [
      `replay to a late required stream, ${when} asynchronous`,
      row({
        factory: () => joinsLate<Numbered>(broker => broker.stream({ ...common, required: true })),
        supports: { input: numbered, firehose: when === 'never' ? MANY : FEWER },
      }),
    ],
    [
      `replay to a late optional stream, ${when} asynchronous`,
      row({
        factory: () => joinsLate<Numbered>(broker => broker.stream({ ...common, required: false, capacity: 2 })),
        supports: { input: numbered, lossy: when !== 'never' },
      }),
    ],
  ];
};

/** Operators × laws. */
const operators: Record<string, Row> = {
  // The laws themselves: RxJS's own operators keep them.
  'rxjs map': row({ factory: () => map(number), supports: { input: number } }),

  ofType: row({
    factory: () => ofType<Numbered, 'Trade'>('Trade'),
    supports: { input: numbered, output: events => events.filter(({ type }) => type === 'Trade') },
  }),
  deserialize: row({
    factory: () => deserialize(decoder),
    supports: { input: byte, output: all => all.map(bytes => ({ type: 'Byte', n: bytes[0] ?? 0 })) },
  }),
  verifyChain: row({ factory: () => verifyChain('test-chain'), supports: { input: inSequence } }),
  verifySequence: row({ factory: () => verifySequence(), supports: { input: inSequence } }),
  attachVegaTime: row({
    factory: attachVegaTime,
    supports: { input: n => eventOf('EndBlock', { sequence: n + 1 }) as unknown as VegaEvent },
  }),
  batchUntil: row({ factory: () => batchUntil<Numbered>('End'), supports: { input: numbered, output: batches } }),
  'pausable skip$': row({
    factory: () => pausable({ skip$: NEVER }),
    supports: { input: number, notifiers: { skip$: skip$ => pausable({ skip$ }) } },
  }),
  'pausable hold$': row({
    factory: () => pausable({ hold$: NEVER }),
    supports: { input: number, notifiers: { hold$: hold$ => pausable({ hold$ }) } },
  }),
  fanOut: row({
    factory: () => source => fanOut(source, { expectedSubscribers: 1 })(NEVER),
    supports: {
      input: number,
      notifiers: { pause$: pause$ => source => fanOut(source, { expectedSubscribers: 1 })(pause$) },
    },
  }),
  ...Object.fromEntries(
    Object.entries(mailboxes).flatMap(([when, project]): (readonly [string, Row])[] => [
      [
        `backpressure required, ${when} asynchronous`,
        row({
          factory: () => backpressure({ required: true, maxPending: Infinity, project }),
          supports: {
            input: number,
            firehose: when === 'never' ? MANY : FEWER,
            notifiers: {
              skip$: skip$ => backpressure({ required: true, skip$, project }),
              hold$: hold$ => backpressure({ required: true, hold$, project }),
            },
          },
        }),
      ],
      [
        `backpressure required with retry, ${when} asynchronous`,
        row({
          factory: () => backpressure({ required: true, maxPending: Infinity, project, retry: { count: 2, delay: 1 } }),
          supports: { input: number, firehose: when === 'never' ? MANY : FEWER },
        }),
      ],
      [
        `backpressure of a source, ${when} asynchronous`,
        row({
          factory: () => source => backpressure(source, { required: true, maxPending: Infinity, project }),
          supports: { input: number, firehose: when === 'never' ? MANY : FEWER },
        }),
      ],
      ...parkingRows(when, project),
      ...lateRows(when, project),
      ...(['dropNewest', 'dropOldest'] as const).map((overflow): readonly [string, Row] => [
        `backpressure optional ${overflow}, ${when} asynchronous`,
        row({
          factory: () => backpressure({ required: false, capacity: 2, overflow, project }),
          supports: {
            input: number,
            lossy: when !== 'never',
            notifiers: { hold$: hold$ => backpressure({ required: false, hold$, project }) },
          },
        }),
      ]),
    ]),
  ),
};

/** It writes a file, in real time: its own spec tests how it ends and what it releases. */
const inRealTime = ['recordToFile'];

test('O3a every public operator has a row', () => {
  const reports = resolve(__dirname, '../../docs/api');
  const declarations = readdirSync(reports).flatMap(file =>
    readFileSync(join(reports, file), 'utf8').split('// @public'),
  );
  const names = declarations
    .filter(declaration => /(?:=>|\):) (?:MonoType)?OperatorFunction</.test(declaration))
    .flatMap(declaration => /export (?:const|function) (\w+)/.exec(declaration)?.[1] ?? []);
  expect(names).toEqual(expect.arrayContaining(['backpressure', 'ofType', 'pausable']));
  const rows = Object.keys(operators).map(name => name.split(' ')[0]);
  expect(names.filter(name => !rows.includes(name))).toEqual(inRealTime);
});

for (const [name, operator] of Object.entries(operators)) {
  describe(`O3a O3b ${name}`, () => {
    operatorLaws({
      test: (law, body) => {
        test(`O3 ${law}`, body);
      },
      ...operator,
      supports: { firehose: MANY, ...operator.supports },
    });
  });
}
