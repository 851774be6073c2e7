import { describe, expect, test } from '@jest/globals';
import { main } from '../../examples/marble-test/main.js';
import { tests } from '../../examples/marble-test/tests.js';
import { lines } from './lines.js';

describe('the marble tests of the example, in jest', () => {
  for (const [name, body] of Object.entries(tests)) test(name, body);
});

test('B14 the same without a test runner; the wrong diagram is shown next to the right one', () => {
  const { print, printed } = lines();
  main(print);
  expect(printed.slice(0, -1)).toEqual(Object.keys(tests).map(name => `passed: ${name}`));
  expect(printed.at(-1)?.replace(/ \(\S*#marblemismatcherror\)/, '')).toMatchInlineSnapshot(`
   "failed: a wrong diagram, on purpose
   expectObservable: differs from its marbles at 2ms

     expected  --a---b
     actual    ---a---b
                 ^ 2ms: expected a, found nothing until a at 3ms"
  `);
});
