import { describe, expect, test } from '@jest/globals';
import { map, NEVER, timer } from 'rxjs';
import { backpressure, eventBroker } from 'rx-event-broker';
import { inspect, inspector, type InspectRecord } from 'rx-event-broker/inspect';
import { runMarbles } from 'rx-event-broker/testing';
import { TimelineModel } from '../../../lib/timeline/model/TimelineModel.js';
import { waitsOf } from '../../../lib/timeline/model/waitsOf.js';
import { recording } from '../records.js';

const waits = (records: readonly InspectRecord[], now: number): readonly string[] => {
  const model = new TimelineModel(1000);
  for (const record of records) model.add(record);
  return waitsOf(model.lanes, now).map(
    ({ state, lane, since, waitsFor, backlog }) =>
      `${lane.kind === 'source' && lane.broker !== 'broker 1' ? `${lane.broker}: ` : ''}${lane.name} ${state} since ${since} for ${waitsFor} (${backlog})`,
  );
};

test('T1d stalled subscribers come first, then who waits for whom, in the order in which the waits began; busy ones come last', () => {
  const { records, add, of } = recording();
  const [bank, ledger, log, chart, mail] = ['bank', 'ledger', 'log', 'chart', 'mail'].map((name, i) =>
    of(i + 1, name),
  ) as [
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
  ];
  mail(1, 'began', { event: 1, backlog: 1, type: 'Price' });
  bank(2, 'began', { event: 1, backlog: 1, type: 'Price', key: 'BTC' });
  ledger(3, 'began', { event: 1, backlog: 8, count: 3 });
  ledger(4, 'saturated', { backlog: 9 });
  add(4, 'paused');
  log(5, 'held', { backlog: 2 });
  chart(6, 'held', { backlog: 0 });
  bank(7, 'stalled', { event: 1, backlog: 1 });
  expect(waits(records, 5000)).toEqual([
    'bank stalled since 2 for its handler: event 1, Price, key BTC (1)',
    'ledger saturated since 4 for its handler: event 1, and 2 more (9)',
    'source paused since 4 for ledger (0)',
    'log held since 5 for its hold$ (2)',
    'mail busy since 1 for its handler: event 1, Price (1)',
  ]);
});

test('T1d a subscriber that makes progress is no longer stalled, and a brief delivery is no wait', () => {
  const { records, add, of } = recording();
  const bank = of(1, 'bank');
  bank(1, 'began', { event: 1, backlog: 2 });
  bank(2, 'saturated', { backlog: 2 });
  add(2, 'paused');
  bank(3, 'stalled', { event: 1, backlog: 2 });
  bank(4, 'ended', { event: 1, backlog: 1 });
  bank(4, 'cleared', { backlog: 1 });
  add(4, 'resumed');
  bank(4, 'began', { event: 2, backlog: 1 });
  expect(waits(records, 100)).toEqual([]);
});

test('T1d a stalled record names what it waits for, if that is known', () => {
  const { records, of } = recording();
  of(1, 'branch', { stallAfter: 10 })(30, 'stalled', { backlog: 3, reason: 'branch 2' });
  expect(waits(records, 100)).toEqual(['branch stalled since 20 for branch 2 (3)']);
});

test('T1d a subscriber without a name is shown by its number', () => {
  const { records, of } = recording();
  of(7, '')(30, 'stalled', { backlog: 3, reason: 'branch 2' });
  expect(waits(records, 100)).toEqual(['subscriber 7 stalled since 30 for branch 2 (3)']);
});

describe('T1i a subscriber that the pause of another broker or operator holds waits for its source', () => {
  type Order = { readonly type: 'Order'; readonly id: number };
  const taken = { required: true, highWaterMark: 2, project: (order: Order) => [order] } as const;

  test('a chain of two brokers with a backpressure between is read from its cause', () => {
    const records: InspectRecord[] = [];
    runMarbles(({ hot }) => {
      const all = inspector(record => void records.push(record));
      const [orders, trades] = [eventBroker<Order>(), eventBroker<Order>()];
      inspect(orders, all, { name: 'orders' });
      inspect(trades, all, { name: 'trades' });
      trades.subscribe({
        name: 'bank',
        required: true,
        highWaterMark: 2,
        stallAfter: 50,
        next: ({ id }) => (id === 2 ? NEVER : timer(1)),
      });
      trades
        .receive(pause$ =>
          backpressure(full$ => orders.stream({ ...taken, name: 'taker', hold$: full$ }), {
            ...taken,
            name: 'validation',
            hold$: pause$,
            inspect: all,
          }),
        )
        .subscribe();
      const order$ = hot('-a--b--c--d--e--f--g--h').pipe(map((_, i): Order => ({ type: 'Order', id: i + 1 })));
      orders.receive(order$).subscribe();
    });
    expect(waits(records, 1000)).toEqual([
      'bank stalled since 4 for its handler: event 2, Order (2)',
      'trades: source paused since 7 for bank (0)',
      'validation held since 7 for source of trades (2)',
      'validation: source paused since 13 for validation (0)',
      'taker held since 13 for source of validation (3)',
      'orders: source paused since 19 for taker (0)',
    ]);
  });

  const held = (happens: (bank: ReturnType<ReturnType<typeof recording>['of']>, add: Add) => void) => {
    const { records, add, of } = recording();
    const bank = of(1, 'bank');
    bank(1, 'offered', { event: 1, backlog: 1 });
    happens(bank, add);
    return waits(records, 100).filter(text => text.startsWith('bank'));
  };
  type Add = ReturnType<typeof recording>['add'];

  test('only inside the call that pauses; otherwise it is its own hold$', () => {
    const inside = held((bank, add) => {
      add(5, 'paused', { broker: 'trades' });
      bank(5, 'held', { backlog: 1 });
    });
    const later = held((bank, add) => {
      add(5, 'paused', { broker: 'trades' });
      bank(6, 'held', { backlog: 1 });
    });
    const after = held((bank, add) => {
      add(5, 'paused', { broker: 'trades' });
      add(5, 'resumed', { broker: 'audit' });
      bank(5, 'held', { backlog: 1 });
    });
    expect([...inside, ...later, ...after]).toEqual([
      'bank held since 5 for source of trades (1)',
      'bank held since 6 for its hold$ (1)',
      'bank held since 5 for its hold$ (1)',
    ]);
  });

  test('as long as that pause lasts; a subscriber that its own hold$ holds is stalled', () => {
    const resumed = held((bank, add) => {
      add(5, 'paused', { broker: 'trades' });
      bank(5, 'held', { backlog: 1 });
      bank(40, 'stalled', { backlog: 1 });
      add(50, 'resumed', { broker: 'trades' });
    });
    expect(resumed).toEqual(['bank stalled since 40 for its hold$ (1)']);
  });
});
