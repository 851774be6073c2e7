import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from '@babel/core';
import fc from 'fast-check';
import { delayWhen, NEVER, throwError, timer } from 'rxjs';
import { eventBroker, replay, type EventBroker } from 'rx-event-broker';
import { inspect, type InspectRecord } from 'rx-event-broker/inspect';
import { marbleTestOf, runMarbles } from 'rx-event-broker/testing';

interface Tick {
  readonly type: 'Price' | 'Halt';
  readonly n: number;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'incident-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a broker did in virtual time with these ticks: `[at, type]`. */
const recording = (
  ticks: readonly (readonly [at: number, type: Tick['type']])[],
  subscribe: (broker: EventBroker<Tick>) => void,
): readonly InspectRecord[] => {
  const records: InspectRecord[] = [];
  runMarbles(({ cold }) => {
    const broker = eventBroker<Tick>();
    inspect(broker, record => void records.push(record));
    subscribe(broker);
    const all = Object.fromEntries(ticks.map((_, i) => [String.fromCharCode(97 + i), i]));
    const ticks$ = cold(`(${Object.keys(all).join('')}|)`, all).pipe(delayWhen(i => timer(ticks[i]![0])));
    ticks$.subscribe(i => {
      try {
        broker.send({ type: ticks[i]![1], n: i });
      } catch {
        // the broker has stopped
      }
    });
  });
  return records;
};

/** Writes a printed test to a file, and runs the file: the test's title, and what it threw. */
const run = (printed: string): { readonly title: string; readonly failure: string } => {
  const file = join(folder, 'printed.spec.ts');
  writeFileSync(file, printed);
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    configFile: resolve('babel.config.json'),
  })!;
  const tests: (readonly [string, () => void])[] = [];
  const add = (title: string, body: () => void): void => void tests.push([title, body]);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const load = new Function('require', 'exports', 'test', code!) as (...given: unknown[]) => void;
  load(require, {}, add);
  const [[title, body] = ['', () => undefined]] = tests;
  expect(tests).toHaveLength(1);
  try {
    body();
    return { title, failure: '' };
  } catch (error) {
    return { title, failure: (error as Error).message };
  }
};

const every = (ms: number, count: number): readonly (readonly [number, Tick['type']])[] =>
  Array.from({ length: count }, (_, i) => [i * ms, i % 3 === 2 ? 'Halt' : 'Price'] as const);

const gap = (): readonly InspectRecord[] =>
  recording(every(5, 20), broker => {
    broker.subscribe({ required: true, name: 'ledger', next: () => timer(2) });
    broker.subscribe({
      required: false,
      name: "the user's chart",
      capacity: 1,
      types: ['Price'],
      next: () => timer(30),
    });
  });

describe('Y3 marbleTestOf', () => {
  test('Y3a Y3b of a gap', () => {
    const printed = marbleTestOf(gap());
    const { title, failure } = run(printed);
    expect(title).toBe("the user's chart drops no event");
    expect(failure).toContain('1 dropped');
    // one in hand, one that waits, one that does not fit; the ledger is not needed
    expect(printed).toContain('// 3 of 4 events are left.');
    expect(printed).not.toContain('ledger');
    // who mends it sees it pass
    expect(run(printed.replace('capacity: 1', 'capacity: 2')).failure).toBe('');
  });

  test('Y3a of a failure', () => {
    const records = recording(every(5, 9), broker => {
      broker.subscribe({
        required: true,
        name: 'ledger',
        next: ({ n }) => (n === 6 ? throwError(() => new Error('no account')) : timer(3)),
      });
    });
    const printed = marbleTestOf(records);
    const { title, failure } = run(printed);
    expect(title).toBe('ledger does not fail');
    expect(failure).toContain('failed: error');
    expect(printed).toContain('failure of ledger, Error: no account.');
    expect(printed).toContain('// 1 of 7 events are left.');
    expect(run(printed.replaceAll("'#'", "'|'")).failure).toBe('');
  });

  test('Y3a of a stall, by work that never ends', () => {
    const endless = recording(every(5, 9), broker => {
      broker.subscribe({
        required: true,
        name: 'ledger',
        stallAfter: 100,
        next: ({ n }) => (n === 4 ? NEVER : timer(3)),
      });
    });
    const printed = marbleTestOf(endless);
    expect(run(printed).title).toBe('ledger does not stall');
    expect(run(printed).failure).toContain('stalled since 0');
    expect(printed).toContain('// 1 of 9 events are left.');
    expect(run(printed.replace("ledger: '-'", "ledger: '|'").replace("'ledger': '-'", "'ledger': '|'")).failure).toBe(
      '',
    );
  });

  test('Y3c of the symptom that is asked for', () => {
    const records = gap();
    expect(() => marbleTestOf(records, { symptom: 'failure' })).toThrow(/^the \d+ records show no failure \(/);
    expect(() => marbleTestOf(records, { subscriber: 'ledger' })).toThrow(/show no gap, stall or failure of ledger/);
    expect(marbleTestOf(records, { symptom: 'gap', broker: 'broker 1' })).toBe(marbleTestOf(records));
    expect(() => marbleTestOf([])).toThrow(/^the 0 records show no gap, stall or failure/);
    expect(() => marbleTestOf(records, { symptom: 'loss' as never })).toThrow('symptom: expected');
    expect(() => marbleTestOf(3 as never)).toThrow('records: expected an array of records');
  });

  test('Y3d a subscriber that got replayed events is rejected, but does not prevent a test of another one', () => {
    const records: InspectRecord[] = [];
    runMarbles(({ hot }) => {
      const broker = eventBroker<{ readonly type: string }>({ replay: replay({ events: 50 }) });
      inspect(broker, record => void records.push(record));
      const chart = { required: false, capacity: 1, next: () => timer(9) } as const;
      broker.subscribe({ ...chart, name: 'early', capacity: 4 });
      hot('abc-x-defghijk').subscribe(type => {
        if (type === 'x') broker.subscribe({ ...chart, name: 'late', since: 'replay' });
        else broker.send({ type });
      });
    });
    const replayed = records.findIndex(({ kind, event }) => kind === 'offered' && event === undefined);
    const late = records.filter(({ subscriber, kind }) => subscriber?.name === 'late' && kind === 'offered');
    // what is replayed was numbered when it was sent
    expect(late.map(({ event, type }) => `${type}${event ?? ''}`).slice(0, 5)).toEqual(['a', 'b', 'c', 'd4', 'e5']);
    expect(() => marbleTestOf(records, { subscriber: 'late' })).toThrow(
      `late got replayed events (record ${replayed + 1}), which have no number: a test cannot send them again`,
    );
    const { title, failure } = run(marbleTestOf(records, { subscriber: 'early' }));
    expect(title).toBe('early drops no event');
    expect(failure).toContain('1 dropped');
  });

  test('Y3e a value that is not a record, or is out of order, is an error that names its line', () => {
    const records = gap();
    const put = (i: number, record: unknown) => records.toSpliced(i, 1, record as InspectRecord);
    expect(() => marbleTestOf(put(4, { ...records[4], kind: 'teleported' }))).toThrow(
      /^record 5, kind: expected a kind/,
    );
    expect(() => marbleTestOf(put(6, null))).toThrow(/^record 7: expected a record as a JSON object, found null/);
    // eslint-disable-next-line no-sparse-arrays
    expect(() => marbleTestOf([records[0]!, , records[1]!] as never)).toThrow(/^record 2: expected a record/);
    expect(() => marbleTestOf(put(7, records[2]))).toThrow(
      /^record 8: number 3 of broker 1 comes after number 7. Pass the records of one recording in their order/,
    );
    expect(() => marbleTestOf(records.toReversed())).toThrow(/^record 2: number \d+ of broker 1 comes after/);
  });

  test('Y3a unusual and duplicate names are distinguished', () => {
    const odd = ['a (3)', 'a', 'a', '__proto__', "'; throw 1; //\n\u2028`${", '</script>\u0000', 'constructor'];
    const records = recording(every(5, 20), broker => {
      for (const name of odd) broker.subscribe({ required: false, name, capacity: 1, next: () => timer(30) });
    });
    for (const name of odd) {
      const printed = marbleTestOf(records, { subscriber: name });
      expect(run(printed).failure).toContain('1 dropped');
      expect(run(printed.replace('capacity: 1', 'capacity: 9')).failure).toBe('');
    }
  });

  test('Y3c from a file with several recordings it takes the one with the symptom', () => {
    const first = recording(every(5, 3), broker => {
      broker.subscribe({ required: true, name: 'ledger', next: () => timer(2) });
    });
    expect(marbleTestOf([...first, ...gap(), ...first])).toBe(marbleTestOf(gap()));
  });

  test('Y3a the test of any small composition shows the same kind of incident again', () => {
    const work = fc.oneof(
      { weight: 6, arbitrary: fc.nat({ max: 30 }) },
      { weight: 1, arbitrary: fc.constantFrom('fails', 'never') },
    );
    const one = fc.record({
      required: fc.boolean(),
      bound: fc.integer({ min: 1, max: 3 }),
      overflow: fc.constantFrom('dropNewest', 'dropOldest'),
      works: fc.array(work, { minLength: 1, maxLength: 12 }),
    });
    const seen = { gap: 0, stall: 0, failure: 0 };
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat({ max: 8 }), { minLength: 3, maxLength: 20 }),
        (all, waits) => {
          let at = 0;
          const ticks = waits.map(wait => [(at += wait), 'Price'] as const);
          const records = recording(ticks, broker => {
            broker.notices$.subscribe({ error: () => undefined });
            all.forEach(({ required, bound, overflow, works }, i) => {
              broker.subscribe({
                ...(required ? { required, highWaterMark: bound } : { required, capacity: bound, overflow }),
                ...{ name: `s${i}`, stallAfter: 50 },
                next: ({ n }: Tick) => {
                  const how = works[n % works.length];
                  if (how === 'never') return NEVER;
                  return how === 'fails' ? throwError(() => new Error('no')) : timer(how as number);
                },
              });
            });
          });
          for (const [symptom, word] of [
            ['gap', 'dropped'],
            ['stall', 'stalled since'],
            ['failure', 'failed: '],
          ] as const) {
            const found = records.find(
              ({ kind, reason }) =>
                (symptom === 'gap' && kind === 'dropped' && reason === 'overflow') ||
                (symptom === 'stall' && kind === 'stalled') ||
                (symptom === 'failure' && kind === 'failed' && reason !== 'closed during its work'),
            );
            if (found === undefined) continue;
            seen[symptom]++;
            const { title, failure } = run(marbleTestOf(records, { symptom }));
            expect(title).toContain(found.subscriber!.name);
            expect(failure).toContain(word);
          }
        },
      ),
      { numRuns: 40, seed: 7 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(2);
  });

  test('Y3f earlier records cost no virtual time, and causes are found however old', () => {
    const count = 30_000;
    const subscriber = { id: 1, key: 1, name: 'chart', required: false };
    const of = (at: number, kind: InspectRecord['kind'], event: number): Omit<InspectRecord, 'n'> => ({
      ...{ at, kind, broker: 'b', paused: false, subscriber, event, type: 'P', key: `k${event}` },
    });
    const records = [
      { at: 0, kind: 'subscribed', broker: 'b', paused: false, subscriber, settings: { capacity: 2 } } as const,
      ...[of(0, 'offered', 1), of(0, 'began', 1)],
      ...Array.from({ length: count }, (_, i) => of(i, 'offered', i + 2)),
      of(count, 'dropped', 1),
    ].map((record, i): InspectRecord => ({
      n: i + 1,
      ...record,
      ...(record.kind === 'dropped' && { reason: 'overflow' }),
    }));
    expect(marbleTestOf(records)).toContain(`// 4 of ${count + 1} events are left.`);
  }, 10_000);

  test('Y3d a symptom that does not show again is an error', () => {
    const records = gap().map(record =>
      record.settings === undefined ? record : { ...record, settings: { capacity: 50 } },
    );
    expect(() => marbleTestOf(records)).toThrow(
      /^the gap of the user's chart does not show again in virtual time with the/,
    );
  });
});
