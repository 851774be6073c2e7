import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Lane } from '../../../lib/timeline/model/Lane.js';
import { OUTCOMES } from '../../../lib/timeline/model/Spans.js';
import { TimelineModel } from '../../../lib/timeline/model/TimelineModel.js';
import { busyRecording, recording } from '../records.js';

const modelOf = (
  records: Parameters<TimelineModel['add']>[0][] | readonly Parameters<TimelineModel['add']>[0][],
  limit = 1e6,
) => {
  const model = new TimelineModel(limit);
  for (const record of records) model.add(record);
  return model;
};
const laneOf = (model: TimelineModel, name: string): Lane => model.lanes.find(lane => lane.name === name)!;
const spansOf = ({ spans }: Lane) =>
  spans.records.map((_, i) => [spans.starts.at(i), spans.ends.at(i), OUTCOMES[spans.outcomes.at(i)]]);

describe('TimelineModel', () => {
  test('T1a has a lane for each source, pause and subscriber, broker after broker', () => {
    const one = recording('one');
    one.of(2, 'chart')(1, 'offered', { event: 1, backlog: 1 });
    const two = recording('two');
    two.of(2, 'log')(2, 'offered', { event: 1, backlog: 1 });
    one.of(5, 'bank')(3, 'subscribed');
    const { lanes } = modelOf([...one.records.slice(0, 1), ...two.records, ...one.records.slice(1)]);
    expect(lanes.map(({ kind, broker, name }) => `${broker} ${kind} ${name}`)).toEqual([
      'one source source',
      'one pause pause$',
      'one subscriber chart',
      'one subscriber bank',
      'two source source',
      'two pause pause$',
      'two subscriber log',
    ]);
  });

  test('a delivery lasts from began to ended or failed; another try does not begin it again', () => {
    const { records, of } = recording();
    const bank = of(1, 'bank');
    bank(1, 'began', { event: 1, backlog: 1 });
    bank(4, 'ended', { event: 1, backlog: 0 });
    bank(5, 'began', { event: 2, backlog: 1 });
    bank(6, 'retrying', { event: 2, backlog: 1 });
    bank(7, 'began', { event: 2, backlog: 1, attempt: 2 });
    bank(9, 'failed', { event: 2, backlog: 0 });
    bank(11, 'began', { event: 3, backlog: 1 });
    const lane = laneOf(modelOf(records), 'bank');
    expect(spansOf(lane)).toEqual([
      [1, 4, 'ended'],
      [5, 9, 'failed'],
    ]);
    expect([...lane.inFlight.values()].map(({ start }) => start)).toEqual([11]);
    expect(lane.marks.records.map(({ kind }) => kind)).toEqual(['retrying', 'failed']);
  });

  test('deliveries without a number are distinguished by their order', () => {
    const { records, of } = recording();
    const bank = of(1, 'bank', { concurrency: 3 });
    bank(1, 'began', { backlog: 3 });
    bank(2, 'began', { backlog: 3 });
    bank(3, 'began', { event: 7, backlog: 3 });
    bank(4, 'retrying', { backlog: 3 });
    bank(5, 'began', { backlog: 3, attempt: 2 });
    bank(6, 'ended', { backlog: 2 });
    bank(8, 'failed', { backlog: 1 });
    const lane = laneOf(modelOf(records), 'bank');
    expect(spansOf(lane)).toEqual([
      [1, 6, 'ended'],
      [2, 8, 'failed'],
    ]);
    expect([...lane.inFlight.values()].map(({ start }) => start)).toEqual([3]);
  });

  test('a pause that is reported twice is one pause', () => {
    const { records, add } = recording();
    add(1, 'paused');
    add(2, 'paused');
    add(5, 'resumed');
    const { spans, inFlight } = modelOf(records).lanes.find(({ kind }) => kind === 'pause')!;
    expect([spans.length, spans.starts.at(0), inFlight.size]).toEqual([1, 1, 0]);
  });

  test('deliveries at the same time have separate rows', () => {
    const { records, of } = recording();
    const bank = of(1, 'bank', { concurrency: 3 });
    for (const event of [1, 2, 3]) bank(event, 'began', { event, backlog: 3 });
    bank(5, 'ended', { event: 2, backlog: 2 });
    bank(6, 'began', { event: 4, backlog: 3 });
    const lane = laneOf(modelOf(records), 'bank');
    expect([...lane.inFlight].map(([event, { slot }]) => [event, slot])).toEqual([
      [1, 0],
      [3, 2],
      [4, 1],
    ]);
    expect(lane.slots).toBe(3);
  });

  test('a delivery whose end was lost ends when the backlog or the next delivery says so', () => {
    const { records, add, of } = recording();
    const bank = of(1, 'bank', {});
    bank(1, 'began', { event: 1, backlog: 3 });
    add(5, 'lost', { count: 4 });
    bank(6, 'began', { event: 2, backlog: 2 });
    bank(8, 'offered', { event: 3, backlog: 0 });
    const lane = laneOf(modelOf(records), 'bank');
    expect(spansOf(lane)).toEqual([
      [1, 6, 'unknown'],
      [6, 8, 'unknown'],
    ]);
    expect(lane.inFlight.size).toBe(0);
  });

  test('a gap goes from the first loss to the last one before the next delivery', () => {
    const { records, of } = recording();
    const chart = of(1, 'chart');
    for (const at of [1, 2, 3]) chart(at, 'dropped', { event: at, backlog: 2 });
    chart(4, 'began', { event: 1, backlog: 2 });
    chart(7, 'superseded', { event: 5, backlog: 2 });
    const { gaps } = laneOf(modelOf(records), 'chart');
    expect(gaps.records.map((_, i) => [gaps.starts.at(i), gaps.ends.at(i)])).toEqual([
      [1, 3],
      [7, 7],
    ]);
  });

  test('the source emits an event once, however many get it; it is paused from paused to resumed', () => {
    const { records, add, of } = recording();
    const [a, b] = [of(1, 'a'), of(2, 'b')];
    a(1, 'offered', { event: 1, backlog: 1 });
    b(1, 'offered', { event: 1, backlog: 1 });
    b(2, 'skipped', { event: 2, backlog: 1 });
    add(3, 'paused');
    add(8, 'resumed');
    add(9, 'paused');
    const model = modelOf(records);
    expect(laneOf(model, 'source').emitted.records.map(({ event }) => event)).toEqual([1, 2]);
    expect(spansOf(laneOf(model, 'pause$'))).toEqual([[3, 8, 'ended']]);
    expect(laneOf(model, 'pause$').oldest?.start).toBe(9);
  });

  test('time does not go back', () => {
    const { records, of } = recording();
    const bank = of(1, 'bank');
    bank(10, 'began', { event: 1, backlog: 1 });
    bank(4, 'ended', { event: 1, backlog: 0 });
    expect(spansOf(laneOf(modelOf(records), 'bank'))).toEqual([[10, 10, 'ended']]);
  });

  test('advancing time does not move later records', () => {
    const { records, of } = recording();
    of(1, 'bank')(10, 'began', { event: 1, backlog: 1 });
    const model = new TimelineModel(100);
    model.passTo(500);
    expect([model.from, model.to]).toEqual([0, 0]);
    model.add(records[0]!);
    expect([laneOf(model, 'bank').oldest?.start, model.from, model.to]).toEqual([10, 10, 500]);
  });

  test('T1c keeps everything that has not ended, and at most the limit of what has ended', () => {
    const { records, of } = recording();
    of(1, 'bank')(0, 'began', { event: 1, backlog: 1 });
    const chart = of(2, 'chart');
    for (let event = 2; event < 10_000; event++) chart(event, 'dropped', { event, backlog: 0 });
    const model = modelOf(records, 1000);
    expect(laneOf(model, 'bank').oldest?.start).toBe(0);
    const { length } = laneOf(model, 'chart').marks;
    expect(length).toBeGreaterThanOrEqual(1000);
    expect(length).toBeLessThanOrEqual(1250);
    expect(model.from).toBe(10_000 - length);
  });

  test('forgets a subscriber that has closed when nothing of it is left', () => {
    const { records, of } = recording();
    const gone = of(1, 'gone');
    gone(0, 'began', { event: 1, backlog: 1 });
    gone(1, 'closed', { backlog: 0 });
    const chart = of(2, 'chart');
    for (let event = 2; event < 300; event++) chart(event, 'dropped', { event, backlog: 0 });
    expect(modelOf(records, 100).lanes.map(({ name }) => name)).toEqual(['source', 'pause$', 'chart']);
  });

  test('for any records in any order: no more is in flight than the backlog, and columns are ascending', () => {
    const record = fc.record({
      n: fc.constant(1),
      at: fc.integer({ min: 0, max: 50 }),
      kind: fc.constantFrom(
        'began',
        'ended',
        'failed',
        'offered',
        'dropped',
        'held',
        'released',
        'closed',
        'stalled',
        'subscribed',
      ),
      broker: fc.constant('b'),
      paused: fc.boolean(),
      event: fc.integer({ min: 1, max: 6 }),
      backlog: fc.integer({ min: 0, max: 4 }),
      subscriber: fc.integer({ min: 1, max: 2 }).map(key => ({ id: key, key, name: `s${key}`, required: true })),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 80 }), records => {
        for (const lane of modelOf(records, 20).lanes) {
          if (lane.kind === 'subscriber') expect(lane.inFlight.size).toBeLessThanOrEqual(lane.steps.last);
          for (const { ats } of [
            lane.marks,
            lane.steps,
            lane.emitted,
            { ats: lane.spans.ends },
            { ats: lane.gaps.ends },
          ])
            for (let i = 1; i < ats.length; i++) expect(ats.at(i)).toBeGreaterThanOrEqual(ats.at(i - 1));
        }
      }),
    );
  });

  test('the prepared recording has one stuck subscriber', () => {
    const model = modelOf(busyRecording(20_000));
    expect(model.lanes.filter(({ stalledBy }) => stalledBy !== undefined).map(({ name }) => name)).toEqual(['bank']);
  });
});
