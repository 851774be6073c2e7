import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { marketRun } from '../../examples/market/index.js';
import { main } from '../../examples/demo/main.js';
import { promisesOf, volumeOf } from '../../examples/demo/promises.js';
import { page } from './recording.js';

const root = resolve(__dirname, '../..');

describe('the demo', () => {
  test('B1, B3, B4, B5, B17, F3 keeps every promise, reports it, and leaves no files', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'demo-spec-'));
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'examples/demo/index.ts', '--blocks', '120', '--seed', '2'],
      { cwd: root, env: { ...process.env, TMPDIR: temporary } },
    );
    const ours = readdirSync(temporary).filter(name => name.startsWith('rx-event-broker'));
    rmSync(temporary, { recursive: true });
    expect(stderr).toBe('');
    expect(ours).toEqual([]);

    const run = marketRun({ seed: 2, blocks: 120, chainId: 'demo', firstBlockTwice: true });
    Array.from(run.events);
    const totals = run.totals();
    const number = (value: number | bigint): string => value.toLocaleString('en');
    const volume = number(volumeOf(totals));
    expect(stdout).toContain(`recorded ${number(totals.events)} events of 120 blocks\n`);
    expect(stdout).toContain('replayed 100 %');
    expect(stdout).toContain(`Traded volume: ${volume} by the ledger, ${volume} by the simulator.\n`);
    expect(stdout).toContain(`Events without a subscriber: ${totals.byType['TxError'] ?? 0} (TxError`);
    expect(stdout).toMatch(/Peak memory: [\d.]+ MiB/);
    expect(stdout.match(/^\w+: [\d,]+ offered = .+; it balances$/gm)).toHaveLength(5);

    const [, missed] = /it missed ([\d,]+) in/.exec(stdout) ?? [];
    expect(stdout).toMatch(new RegExp(`^chart: .* ${missed ?? ''} dropped \\+`, 'm'));
    expect(missed).not.toBe('0');
    expect(stdout).toMatch(/^log: .* [\d,]*[1-9][\d,]* skipped/m);
    expect(stdout.match(/^kept /gm)).toHaveLength(8);
    expect(stdout).not.toContain('BROKEN');
  }, 60_000);

  test('reports a broken promise', () => {
    const run = marketRun({ seed: 2, blocks: 3 });
    Array.from(run.events);
    const totals = run.totals();
    const tally = { offered: 0, delivered: 0, failed: 0, dropped: 0, skipped: 0, pending: 0 };
    const row = { ...tally, id: 1, key: 1, required: true, saturated: false };
    const snapshot = { sent: 0, unrouted: 7, saturated: false, subscribers: [] };
    const claims = promisesOf(
      {
        ledger: { trades: 0, blocks: 0, volume: -1n, inOrder: true },
        chart: { points: 0, missed: 0, gaps: 0, largest: { count: 0, from: '', to: '' } },
        log: { lines: 0 },
        batcher: { batches: 0, events: 0, largest: 0 },
        audited: { ...totals, events: totals.events - 1 },
        market: {
          ...snapshot,
          subscribers: [
            { ...row, name: 'chart' },
            { ...row, name: 'log', offered: 1 },
          ],
        },
        audit: snapshot,
      },
      totals,
    );
    expect(claims.filter(({ kept }) => kept)).toEqual([]);
  });

  test('options: help, and errors', async () => {
    const told = async (...argv: readonly string[]) => {
      const out = page();
      const err = page();
      return { code: await main(argv, out, err), out: out.text(), err: err.text() };
    };
    expect(await told('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--blocks'), err: '' });
    expect(await told('--blocks', '0')).toEqual({
      code: 1,
      out: '',
      err: 'demo: --blocks: expected a whole number from 1, found "0"\n',
    });
    expect(await told('--frob')).toMatchObject({ code: 1, err: expect.stringContaining("'--frob'") });
  });
});
