import { expect, test } from '@jest/globals';
import type { Notice } from '../../../../lib/flow/contract/Notice.js';
import { bufferOptions } from '../../../../lib/source/disk/buffer/bufferOptions.js';
import { sourcePause } from '../../../../lib/source/disk/buffer/sourcePause.js';

const paused = () => {
  const notices: Notice[] = [];
  const levels: boolean[] = [];
  const options = bufferOptions({ directory: '/buffer', writeBufferBytes: 100, maxBufferedBytes: 1000 });
  const pause = sourcePause(options, notice => notices.push(notice));
  pause.level$.subscribe(level => levels.push(level));
  return { pause, levels, notices };
};

test('C1f D1b more than writeBufferBytes unwritten pause the source, until half of them are left', () => {
  const { pause, levels } = paused();
  for (const pending of [100, 101, 51, 50]) pause.adjust(pending, 0);
  expect(levels).toEqual([false, true, false]);
});

test('D1c more than maxBufferedBytes unread pause it as well, and Full says so once', () => {
  const { pause, levels, notices } = paused();
  for (const unread of [1000, 1001, 2000, 501, 500, 501, 1001]) pause.adjust(0, unread);
  expect(levels).toEqual([false, true, false, true]);
  expect(notices).toEqual([
    { type: 'Full', what: '/buffer' },
    { type: 'Full', what: '/buffer' },
  ]);
});

test('D1d up to both bounds nothing pauses it', () => {
  const { pause, levels, notices } = paused();
  pause.adjust(100, 1000);
  expect([levels, notices]).toEqual([[false], []]);
});

test('a write moves bytes from one mark to the other: the source is not resumed between them', () => {
  const { pause, levels } = paused();
  pause.adjust(101, 950);
  pause.adjust(0, 1051);
  expect(levels).toEqual([false, true]);
});
