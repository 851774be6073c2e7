import { expect, test } from '@jest/globals';
import { durationText } from '../../../lib/timeline/view/times.js';

test('T1d a duration is in ms below 10 s, and in tenths of a second below an hour: a later start reads shorter', () => {
  const texts = [6, 3214, 9999.6, 12_540, 59_999, 759_000, 759_700, 7_500_000].map(durationText);
  expect(texts).toEqual([
    '6 ms',
    '3.214 s',
    '9.9 s',
    '12.5 s',
    '59.9 s',
    '12 min 39.0 s',
    '12 min 39.7 s',
    '2 h 5 min',
  ]);
});
