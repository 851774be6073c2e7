import { expect, test } from '@jest/globals';
import { main } from '../../examples/big-file/main.js';
import { lines } from './lines.js';

test('B12, O1 a file arrives whole from either kind of source, and is read only as far ahead as the mark', async () => {
  const { print, printed } = lines();
  await main(print, 4);
  const steady = (line: string): string =>
    line.replace(/[\d.]+ MiB, buffers [\d.]+ MiB/, '…').replace(/at most [1-4] /, 'at most 4 ');
  expect(printed.map(steady)).toEqual(
    ['chunks of a Node Readable', 'rows of an async iterator, 4,096 at a time'].flatMap(what => [
      `4 MiB as ${what}`,
      ...[25, 50, 75, 100].map(percent => `  ${percent} % uploaded: heap …`),
      '  4 MiB arrived, at most 4 pieces were read ahead',
    ]),
  );
});
