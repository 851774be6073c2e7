import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { NEVER, Subject } from 'rxjs';
import { eventBroker, type BrokerSubscription } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { brokerMetrics } from '../../examples/prometheus/brokerMetrics.js';
import { main } from '../../examples/prometheus/main.js';
import { lines } from './lines.js';

type Price = { readonly type: 'Price' };
const price: Price = { type: 'Price' };

const scraped = async (register: Registry): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await register.metrics())
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

const isCounter = (sample: string): boolean => /^broker_\w+_total/.test(sample);

test('the counts of a closed subscriber are kept', async () => {
  const { print, printed } = lines();
  await main(print);
  expect(printed.slice(0, 4)).toEqual([
    'broker_sent_total 5',
    'broker_events_total{subscriber="ledger",outcome="delivered"} 5',
    'broker_events_total{subscriber="chart",outcome="dropped"} 2',
    'broker_pending{subscriber="chart"} 3',
  ]);
  expect(printed.slice(5).sort()).toEqual([
    'broker_events_total{subscriber="chart",outcome="dropped"} 4',
    'broker_events_total{subscriber="chart",outcome="failed"} 1',
    'broker_events_total{subscriber="ledger",outcome="delivered"} 6',
    'broker_pending{subscriber="chart"} 1',
    'broker_sent_total 6',
  ]);
});

const index = fc.nat(5);
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: 'send' } as const) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), index, fails: fc.boolean() }) },
    { weight: 3, arbitrary: fc.constant({ do: 'scrape' } as const) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('subscribe' as const),
        name: fc.constantFrom('ledger', 'chart'),
        required: fc.boolean(),
        drainOnClose: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), index }) },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'close' } as const, { do: 'drain' } as const) },
  ),
  { maxLength: 60, size: 'max' },
);

test('counters never fall, and in the end each event that was offered has one outcome', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      const register = new Registry();
      const broker = eventBroker<Price>();
      brokerMetrics(broker, register);
      const offered: Record<string, number> = { ledger: 0, chart: 0 };
      const open: { readonly name: string; readonly subscription: BrokerSubscription }[] = [];
      const works: Subject<void>[] = [];
      let isOpen = true;
      let last = new Map<string, number>() as ReadonlyMap<string, number>;
      const scrape = async (): Promise<void> => {
        const now = await scraped(register);
        for (const [sample, value] of last)
          if (isCounter(sample)) expect(now.get(sample)).toBeGreaterThanOrEqual(value);
        last = now;
      };
      for (const step of all) {
        switch (step.do) {
          case 'send':
            if (isOpen) broker.send(price);
            if (isOpen) for (const { name } of open) offered[name]! += 1;
            break;
          case 'finish': {
            const [work] = works.splice(step.index, 1);
            if (step.fails) work?.error(new Error('failed'));
            else work?.complete();
            break;
          }
          case 'scrape':
            await scrape();
            break;
          case 'subscribe': {
            if (!isOpen) break;
            const { name, required, drainOnClose } = step;
            const work = (): Subject<void> => {
              works.push(new Subject());
              return works.at(-1)!;
            };
            const how = required ? { required, onFailure: 'continue' as const } : { required, capacity: 1 };
            open.push({ name, subscription: broker.subscribe({ ...how, name, drainOnClose, next: work }) });
            break;
          }
          case 'unsubscribe':
            open.splice(step.index, 1)[0]?.subscription.unsubscribe();
            break;
          case 'drain':
            isOpen = false;
            broker.drain().subscribe();
            break;
          case 'close':
            isOpen = false;
            broker.close();
        }
      }
      await scrape();
      broker.close();
      await scrape();
      for (const [name, count] of Object.entries(offered)) {
        const outcomes = [...last].filter(([sample]) => sample.startsWith(`broker_events_total{subscriber="${name}"`));
        expect(outcomes.reduce((sum, [, value]) => sum + value, 0)).toBe(count);
      }
    }),
    { numRuns: 300 },
  );
});

describe('a scrape', () => {
  test('shows the instant of its call, in all its families', async () => {
    const register = new Registry();
    const broker = eventBroker<Price>();
    brokerMetrics(broker, register);
    const work$ = new Subject<void>();
    broker.subscribe({ name: 'ledger', required: true, highWaterMark: 2, next: () => work$ });
    broker.send(price);
    broker.send(price);
    const before = scraped(register);
    work$.complete();
    broker.send(price);
    const delivered = 'broker_events_total{subscriber="ledger",outcome="delivered"}';
    const [pending, saturated] = ['broker_pending{subscriber="ledger"}', 'broker_saturated{subscriber="ledger"}'];
    const of = (samples: ReadonlyMap<string, number>) =>
      ['broker_sent_total', delivered, pending, saturated].map(sample => samples.get(sample));
    expect(of(await before)).toEqual([2, 0, 2, 1]);
    expect(of(await scraped(register))).toEqual([3, 3, 0, 0]);
  });

  test('has the stalls', async () => {
    const register = new Registry();
    runMarbles(({ hot, expectObservable }) => {
      const broker = eventBroker<Price>();
      brokerMetrics(broker, register);
      broker.subscribe({ name: 'stuck', required: true, stallAfter: 5, next: () => NEVER });
      hot('--a-----------|').subscribe({ next: () => broker.send(price), complete: () => broker.close() });
      expectObservable(broker.saturated$).toBe('f-------------|', { f: false });
    });
    expect((await scraped(register)).get('broker_stalls_total{subscriber="stuck"}')).toBe(1);
  });
});
