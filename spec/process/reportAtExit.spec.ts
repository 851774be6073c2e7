import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { reportAtExit } from '../../lib/process/reportAtExit.js';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'report-at-exit-'));

beforeAll(() => {
  buildSync({
    stdin: {
      contents: `export * from './lib/index.ts'; export { reportAtExit } from './lib/process/reportAtExit.ts';`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: join(folder, 'lib.cjs'),
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of its own, in a process of its own. */
const run = (code: string) => {
  const program = `
    const { eventBroker, reportAtExit } = require(${JSON.stringify(join(folder, 'lib.cjs'))});
    const broker = eventBroker();
    broker.notices$.subscribe();
    const never = () => new Promise(() => undefined);
    ${code}`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  return { status, stderr };
};

const TWO = `
  broker.subscribe({ name: 'bank', required: true, next: never });
  broker.subscribe({ name: 'mail\\nroom', required: true, types: ['B'], next: never });
  broker.subscribe({ name: 'page', required: false, next: never });
  broker.subscribe({ name: 'log', required: true, next: () => undefined });
  for (const type of ['A', 'B', 'A']) broker.send({ type });
`;
const REPORT = [
  'rx-event-broker: the process ends with required deliveries unfinished',
  '  bank (id 1): 3 events pending',
  '  mail\\nroom (id 2): 1 event pending',
  '',
].join('\n');

describe('B15n reportAtExit', () => {
  test.each([
    ['nothing is left to do', '', 0],
    ['process.exit is called', 'process.exit(3);', 3],
  ])('%s: the required subscribers that have not finished are named, with their counts', (_, end, status) => {
    expect(run(`reportAtExit(broker);${TWO}${end}`)).toEqual({ status, stderr: REPORT });
  });

  test('an uncaught error ends the process: it is reported, too', () => {
    const { status, stderr } = run(`reportAtExit(broker);${TWO} throw new Error('broken');`);
    expect([status, stderr.includes('Error: broken'), stderr.includes(REPORT)]).toEqual([1, true, true]);
  });

  test.each([
    [
      'everything has finished',
      `reportAtExit(broker); broker.subscribe({ required: true, next: () => 1 }); broker.send({ type: 'A' });`,
    ],
    ['the broker was closed', `reportAtExit(broker);${TWO} broker.close();`],
    ['it was stopped', `reportAtExit(broker)();${TWO}`],
  ])('%s: nothing is said', (_, code) => {
    expect(run(code)).toEqual({ status: 0, stderr: '' });
  });

  test('many brokers, one of them given twice: each is reported once, and Node does not warn of listeners', () => {
    const { stderr } = run(
      `reportAtExit(broker);${TWO} for (let i = 0; i < 20; i++) reportAtExit(eventBroker()); reportAtExit(broker);`,
    );
    expect(stderr).toBe(REPORT);
  });

  test('B15p if the snapshot of a broker throws, the others are still reported, and the status does not change', () => {
    const { status, stderr } = run(`
      reportAtExit({ snapshot() { throw new Error('no\\nsnapshot'); } });
      reportAtExit({ snapshot: async () => undefined });
      reportAtExit(broker);${TWO}`);
    const [first, second, third, ...rest] = stderr.split('\n');
    expect(status).toBe(0);
    expect([first, ...rest]).toEqual(REPORT.split('\n'));
    expect(second).toBe('  a broker whose snapshot cannot be read: Error: no\\nsnapshot');
    expect(third).toMatch(/^ {2}a broker whose snapshot cannot be read: TypeError/);
  });

  test('B15p a name of any length is truncated', () => {
    const { stderr } = run(`
      reportAtExit(broker);
      broker.subscribe({ name: 'x'.repeat(1e6), required: true, next: never });
      broker.send({ type: 'A' });`);
    expect(stderr).toContain(`  ${'x'.repeat(1000)}… (id 1): 1 event pending`);
    expect(stderr.length).toBeLessThan(1200);
  });

  test('B15i work that is limited by failAfter keeps the process alive until it has failed', () => {
    const { status, stderr } = run(`
      reportAtExit(broker);
      broker.notices$.subscribe(({ type, error }) => type === 'Failed' && console.error(error.name));
      broker.subscribe({ required: true, onFailure: 'continue', failAfter: 50, next: never });
      broker.send({ type: 'A' });`);
    expect([status, stderr]).toEqual([0, 'DeliveryTimeoutError\n']);
  });

  test('a value that is not a broker is rejected at the call; stopping it twice does nothing', () => {
    expect(() => reportAtExit({} as never)).toThrow('broker: expected an event broker');
    const before = process.listenerCount('exit');
    const stop = reportAtExit({ snapshot: () => ({ sent: 0, unrouted: 0, saturated: false, subscribers: [] }) });
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (let i = 0; i < 2; i++) stop();
    expect(process.listenerCount('exit')).toBe(before);
  });
});
