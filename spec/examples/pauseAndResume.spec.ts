import { expect, test } from '@jest/globals';
import { main } from '../../examples/pause-and-resume/main.js';
import { lines } from './lines.js';

test('B5, B12 skipped events are gone, held events come at the end of the pause, within the bound', () => {
  const { print, printed } = lines();
  main(print);
  expect(printed).toEqual([
    ...['send 1', '  skips: 1', '  holds two: 1', '  holds all: 1'],
    ...['paused', 'send 2', 'send 3', 'send 4', '  full'],
    ...['resumed', '  holds two: 2', '  holds two: 3', '  holds all: 2', '  holds all: 3', '  holds all: 4'],
    ...['send 5', '  skips: 5', '  holds two: missed 1', '  holds two: 5', '  holds all: 5'],
    'skips: 2 delivered, 3 skipped, 0 dropped',
    'holds two: 4 delivered, 0 skipped, 1 dropped',
    'holds all: 5 delivered, 0 skipped, 0 dropped',
  ]);
});
