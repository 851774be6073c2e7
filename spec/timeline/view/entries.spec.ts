import { expect, test } from '@jest/globals';
import { TimelineModel } from '../../../lib/timeline/model/TimelineModel.js';
import { rowsOf } from '../../../lib/timeline/view/entries.js';
import { recording } from '../records.js';

test('T1g a table of a range begins with entries that have not ended or are stalled, then losses and failures, then the newest', () => {
  const { records, of } = recording();
  const [bank, log] = [of(1, 'bank'), of(2, 'log')];
  log(1, 'failed', { event: 900, backlog: 0 });
  bank(2, 'began', { event: 1, backlog: 1 });
  bank(3, 'stalled', { event: 1, backlog: 1 });
  for (let event = 1; event <= 500; event++) {
    log(10 * event, 'began', { event, backlog: 1 });
    log(10 * event + 5, 'ended', { event, backlog: 0 });
  }
  const model = new TimelineModel(10_000);
  for (const record of records) model.add(record);
  const rows = rowsOf(model.lanes, { from: 0, to: 6000 }, 6).map(
    ({ lane, what, from }) => `${lane.name} ${what} ${from}`,
  );
  expect(rows).toEqual([
    'bank stalled 3',
    'bank in flight 2',
    'log failed 1',
    'log failed 1',
    'log delivered 5000',
    'log delivered 4990',
  ]);
});
