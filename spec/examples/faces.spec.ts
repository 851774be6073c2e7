import { describe, expect, test } from '@jest/globals';
import { main as loop } from '../../examples/loop/main.js';
import { main as push } from '../../examples/push/main.js';
import { main as react } from '../../examples/react/main.js';
import { main as toAFile } from '../../examples/to-a-file/main.js';
import { lines } from './lines.js';

const printedBy = async (main: (print: (line: string) => void) => unknown): Promise<readonly string[]> => {
  const { print, printed } = lines();
  await main(print);
  return printed;
};

describe('examples', () => {
  test('I2b, I2c loop: a loop saves in pairs, and pauses its source', async () => {
    expect(await printedBy(loop)).toEqual([
      'saved 1 and 2, 3 read',
      'saved 3 and 4, 5 read',
      'saved 5 and 6, 6 read',
      'the loop has ended',
    ]);
  });

  test('I3b, I3e push: values that do not fit are reported', async () => {
    expect(await printedBy(push)).toEqual([
      'ledger: 1',
      'feed: please wait',
      'missed 1, from 2',
      'ledger: 3',
      'feed: go on',
      'feed: please wait',
      'ledger: 4',
      'feed: go on',
      'sent 3 of 4',
    ]);
  });

  test('I5a, I5e to-a-file: the file is complete, and few waited', async () => {
    const [file, most] = await printedBy(toAFile);
    expect(file).toBe('5000 lines, the last is "line 5000"');
    expect(Number(/at most (\d+) waited/.exec(most ?? '')?.[1])).toBeLessThanOrEqual(4);
  });

  test('I8a react: the component shows the counters', async () => {
    expect(await printedBy(react)).toEqual([
      '<output>0 sent, 0 delivered</output>',
      '<output>2 sent, 2 delivered</output>',
    ]);
  });
});
