import { expect, test } from '@jest/globals';
import type { InspectRecord } from 'rx-event-broker/inspect';
import { TimelineModel } from '../../../lib/timeline/model/TimelineModel.js';
import { waitsOf } from '../../../lib/timeline/model/waitsOf.js';
import { recording } from '../records.js';

const waits = (records: readonly InspectRecord[], now: number): readonly string[] => {
  const model = new TimelineModel(1000);
  for (const record of records) model.add(record);
  return waitsOf(model.lanes, now).map(
    ({ state, lane, since, waitsFor, backlog }) => `${lane.name} ${state} since ${since} for ${waitsFor} (${backlog})`,
  );
};

test('T1d the stalled come first, then who waits for whom; of one state, the longest first', () => {
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
    'source paused since 4 for ledger (0)',
    'ledger saturated since 4 for its handler: event 1, and 2 more (9)',
    'log held since 5 for its hold$ (2)',
    'mail busy since 1 for its handler: event 1, Price (1)',
  ]);
});

test('T1d who goes on is stalled no more, and a brief delivery is no wait', () => {
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
