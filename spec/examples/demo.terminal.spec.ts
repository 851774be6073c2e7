import { describe, expect, test } from '@jest/globals';
import { main as demo } from '../../examples/demo/main.js';
import { main as replay } from '../../examples/replay/main.js';
import { printCompared } from '../../examples/store/printCompared.js';
import { lookOf, plain } from '../../examples/terminal/look.js';
import { tallyTable } from '../../examples/terminal/tallyTable.js';
import { page } from './recording.js';
import { ofRun } from './replaying.js';
import { terminalOf } from './terminalOf.js';

const row = {
  ...{ id: 1, key: 1, required: true, saturated: false },
  ...{ offered: 7207, delivered: 7207, failed: 0, dropped: 0, skipped: 0, pending: 0 },
};

describe.each([60, 80, 120])('on a terminal of %i columns', columns => {
  test('the report of the demo is complete: the live table is removed before it is printed', async () => {
    const { stream, lines } = terminalOf(columns);
    const argv = ['--blocks', '60', '--seed', '2'];
    expect(await demo(argv, stream, stream)).toBe(0);

    const shown = lines();
    expect(shown.filter(line => line.startsWith('subscriber'))).toHaveLength(1);
    expect(shown.filter(line => line.startsWith('kept '))).toHaveLength(8);
    expect(shown.filter(line => line.includes('█'))).toEqual([]);
    expect(shown.slice(-2)).toEqual(['All 8 promises were kept.', '']);
  }, 60_000);

  test('so is the report of a replay', async () => {
    const { stream, lines } = terminalOf(columns);
    expect(await replay([...ofRun(), '--slow', '1'], stream, stream)).toBe(0);

    const shown = lines();
    expect(shown[0]).toMatch(/^chain market-sim: /);
    expect(shown.filter(line => /^subscriber|█/.test(line))).toEqual([]);
    expect(shown.at(-2)).toMatch(/^peak memory: /);
  }, 60_000);

  test('the table of tallies has room', () => {
    const names = ['ledger', 'chart', 'log', 'batcher', 'audit'];
    const table = tallyTable(
      names.map(name => ({ ...row, name })),
      columns,
    );
    expect(Math.max(...table.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(table[0]).toMatch(/^subscriber .*offered +delivered +failed +dropped +skipped +pending/);
    expect(table[1]).toMatch(/^ledger .* 7,207 +7,207 /);
  });
});

describe('lines', () => {
  test('longer than the terminal are continued under their last column', () => {
    const { fit } = lookOf(terminalOf(30).stream);
    expect(fit('kept    B5  the log wrote or skipped every event').split('\n')).toEqual([
      'kept    B5  the log wrote or',
      '            skipped every',
      '            event',
    ]);
    expect(fit('a line that is continued, two spaces further in').split('\n')).toEqual([
      'a line that is continued, two',
      '  spaces further in',
    ]);
    expect(fit('a-word-that-is-longer-than-any-terminal').split('\n')).toHaveLength(1);
  });

  test('in a file stay as they are', () => {
    expect(lookOf(page())).toBe(plain);
  });
});

describe('colours', () => {
  const painted = (environment: NodeJS.ProcessEnv): string =>
    lookOf(terminalOf(80).stream, environment).paint('green', 'kept');

  test('are there if the terminal has them, and NO_COLOR is not set', () => {
    expect(painted({ TERM: 'xterm-256color' })).toBe('\x1b[32mkept\x1b[39m');
    expect(painted({ TERM: 'xterm-256color', NO_COLOR: '1' })).toBe('kept');
    expect(painted({ TERM: 'dumb' })).toBe('kept');
  });
});

describe('compared totals', () => {
  const total = (what: string, stored: string, simulated = stored) => ({ what, stored, simulated });
  const balances = Array.from({ length: 30 }, (_, i) => total(`balance party-${i}/ETH`, String(i)));

  test('end in a short verdict', () => {
    const out = page();
    expect(
      printCompared([total('blocks', '60'), total('volume A', '7'), total('volume B', '8'), ...balances], out),
    ).toBe(0);
    expect(out.text().split('\n')).toEqual([
      'blocks   60 by SQL = 60 by the simulator',
      'volume   2 of 2 totals equal',
      'balance  30 of 30 totals equal',
      'All totals are equal.',
      '',
    ]);
  });

  test('that differ are named, each', () => {
    const out = page();
    expect(printCompared([total('blocks', '59', '60'), ...balances, total('balance p/ETH', 'none', '3')], out)).toBe(1);
    expect(out.text().split('\n')).toEqual([
      'blocks   59 by SQL ≠ 60 by the simulator',
      'balance  30 of 31 totals equal',
      'balance p/ETH  none by SQL ≠ 3 by the simulator',
      '2 of 32 totals differ.',
      '',
    ]);
  });
});
