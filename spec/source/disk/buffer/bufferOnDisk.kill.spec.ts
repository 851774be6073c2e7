import { expect, jest, test } from '@jest/globals';
import { buildChild, killAtSteps, killSteps } from '../../../soak/killAtSteps.js';
import { folderOf } from '../folder.js';

jest.setTimeout(300_000);

test('D5 killed at every step: nothing promised is lost, nothing acknowledged is given again', async () => {
  expect(killSteps.length).toBeGreaterThanOrEqual(20);
  const child = buildChild(folderOf());
  const steps = killSteps.map((step, at) => ({ step, count: 1 + (at % 3) }));
  const { records } = await killAtSteps(child, folderOf(), steps);
  expect(records).toBeGreaterThan(100);
});
