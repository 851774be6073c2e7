import { expect, test } from '@jest/globals';
import { View } from '../../../lib/timeline/element/View.js';
import { TimelineModel } from '../../../lib/timeline/model/TimelineModel.js';
import { recording } from '../records.js';

/** Records each second up to `last`, and the view of them at `now`. In ms. */
const viewAt = (last: number, now: number) => {
  const { records, add } = recording();
  for (let at = 0; at <= last; at += 1000) add(at, 'paused');
  const model = new TimelineModel(10_000);
  for (const record of records) model.add(record);
  model.passTo(now);
  return { view: new View(() => model), model };
};

test('T1c Latest shows the last 30 s; in a long silence the view stays at the last record, with half of it after that', () => {
  const { view, model } = viewAt(120_000, 120_000);
  expect(view.range).toEqual({ from: 90_600, to: 120_600 });
  expect(view.known).toEqual({ from: 90_600, to: 120_000 });
  model.passTo(900_000);
  expect(view.range).toEqual({ from: 105_000, to: 135_000 });
  expect(view.isFollowing).toBe(true);
});

test('T1c All shows everything, and Latest after it shows 30 s again', () => {
  const { view } = viewAt(120_000, 900_000);
  view.showAll();
  expect([view.isAll, view.isFollowing]).toEqual([true, false]);
  expect(view.known).toEqual({ from: 0, to: 900_000 });
  view.toEnd();
  expect([view.isAll, view.isFollowing]).toEqual([false, true]);
  expect(view.range).toEqual({ from: 105_000, to: 135_000 });
});

test('T1c scrolling by hand to the end of a silence stays there; Latest keeps a length that was set by hand', () => {
  const { view } = viewAt(120_000, 900_000);
  view.show({ from: 890_000, to: 920_000 });
  expect(view.isFollowing).toBe(false);
  expect(view.range).toEqual({ from: 879_000, to: 909_000 });
  view.show({ from: 0, to: 4000 });
  view.toEnd();
  expect(view.range).toEqual({ from: 118_000, to: 122_000 });
});
