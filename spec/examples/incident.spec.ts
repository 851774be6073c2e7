import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { inspect } from 'rx-event-broker/inspect';
import { recordTo } from 'rx-event-broker/node';
import { main } from '../../examples/incident/main.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'incident-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = async (
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
  let out = '';
  let err = '';
  const code = await main(args, { write: text => (out += text) }, { write: text => (err += text) });
  return { code, out, err };
};

test('npm run incident prints a test of a recording of real time', async () => {
  const file = join(folder, 'incident.jsonl');
  const to = recordTo(file);
  const broker = eventBroker<{ readonly type: 'Price' }>();
  const stop = inspect(broker, to);
  broker.subscribe({ required: false, name: 'chart', capacity: 1, next: () => timer(20) });
  for (let i = 0; i < 5; i++) broker.send({ type: 'Price' });
  broker.close();
  stop();
  await to.written;

  const { code, out } = await run(file);
  expect(code).toBe(0);
  expect(out).toContain("test('chart drops no event'");
  expect(out).toContain('// 3 of 3 events are left.');
  expect(await run(file, 'stall')).toMatchObject({ code: 1, err: expect.stringContaining('show no stall') });
  writeFileSync(file, '{}\n');
  expect(await run(file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('line 1, n: expected a whole number'),
  });
  expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('npm run incident -- FILE') });
  expect(await run(file, 'loss')).toMatchObject({ code: 2 });
});
