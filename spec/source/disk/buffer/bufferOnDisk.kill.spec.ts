import { expect, jest, test } from '@jest/globals';
import { buildChild, killAtSteps, killSteps } from '../../../soak/killAtSteps.js';
import { killSettled } from '../../../soak/killSettled.js';
import { folderOf } from '../folder.js';

jest.setTimeout(300_000);

test('D5a D5d killed at every step: nothing promised is lost, nothing acknowledged is emitted again', async () => {
  expect(killSteps.length).toBeGreaterThanOrEqual(20);
  const child = buildChild(folderOf());
  const steps = killSteps.map((step, at) => ({ step, count: 1 + (at % 3) }));
  const { records } = await killAtSteps(child, folderOf(), steps);
  expect(records).toBeGreaterThan(100);
});

test('D5k K4g 20 kills at random while a broker settles: nothing durable is lost, only what was unsettled comes again', async () => {
  const child = buildChild(folderOf(), 'settledChild');
  const { records, repeats, unsettled, durable } = await killSettled(child, folderOf(), 20);
  expect(repeats).toBeLessThanOrEqual(unsettled);
  expect([records > 100, durable > 10, unsettled > 20]).toEqual([true, true, true]);
});
