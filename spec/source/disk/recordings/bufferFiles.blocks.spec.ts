import { describe, expect, test } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { recordsOf } from '../records.js';
import { noticeLog, settled, watch, watchAll, when } from '../watch.js';

describe('R3 blocks', () => {
  const blockOf = (message: Uint8Array) => ({ block: String(message[1]), begins: message[0] === '['.charCodeAt(0) });
  const texts = ['end 0', '[1', 'a', '[2', 'b', 'c', '[3'];

  test('R3a messages before the first begin are ignored, across all files', async () => {
    const directory = folderOf({ a: recordsOf(['x', 'y']), b: recordsOf(texts), c: recordsOf(['z']) });
    expect((await watchAll(bufferFiles({ directory, blockOf }))).texts).toEqual([...texts.slice(1), 'z']);
  });

  test('without blockOf none are ignored', async () => {
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: recordsOf(texts) }) }))).texts).toEqual(texts);
  });

  test('R3b waits before each begin but the first', async () => {
    const scheduler = new TestScheduler(() => {});
    const directory = folderOf({ a: recordsOf(texts) });
    const seen: string[] = [];
    const watched = watch(
      bufferFiles({ directory, blockOf, timeBetweenBlocks: 100, scheduler }),
      text => void seen.push(`${scheduler.now()} ${text}`),
    );
    await when(() => {
      scheduler.flush();
      return watched.end !== 'running';
    });
    expect(seen).toEqual(['0 [1', '0 a', '100 [2', '100 b', '100 c', '200 [3']);
    expect(watched.end).toBe('complete');
  });

  test('unsubscribing in the wait leaves no timer', async () => {
    const scheduler = new TestScheduler(() => {});
    const { until, observer } = noticeLog();
    const directory = folderOf({ a: recordsOf(texts) });
    const watched = watch(bufferFiles({ directory, blockOf, timeBetweenBlocks: 100, scheduler, notices: observer }));
    await when(() => scheduler.actions.length > 0);
    expect(watched.texts).toEqual(['[1', 'a']);
    watched.subscription.unsubscribe();
    await until('Released');
    scheduler.flush();
    await settled();
    expect(watched.texts).toEqual(['[1', 'a']);
  });

  test.each([30 * 86_400_000, Infinity])('R3b of %d ms are waited for, however long', async timeBetweenBlocks => {
    const scheduler = new TestScheduler(() => {});
    scheduler.maxFrames = Infinity;
    const directory = folderOf({ a: recordsOf(texts) });
    const watched = watch(bufferFiles({ directory, blockOf, timeBetweenBlocks, scheduler }));
    await when(() => watched.texts.length === 2);
    await settled();
    // no timer of the platform is asked for more than it can wait
    expect(scheduler.actions.every(({ delay }) => delay < 2 ** 31)).toBe(true);
    expect(scheduler.actions).toHaveLength(timeBetweenBlocks === Infinity ? 0 : 1);
    scheduler.flush();
    await settled();
    expect(watched.texts.length > 2).toBe(timeBetweenBlocks < Infinity);
    watched.subscription.unsubscribe();
  });

  test.each([undefined, null, 7, {}, { block: 'a' }, { begins: true }])(
    'a blockOf that gives %p is an error that says so',
    async found => {
      const directory = folderOf({ a: recordsOf(texts) });
      const { end } = await watchAll(bufferFiles({ directory, blockOf: () => found as never }));
      expect(end).toMatchObject({ name: 'OptionError', option: 'blockOf', found });
    },
  );

  test('an error of blockOf is the error of the stream', async () => {
    const directory = folderOf({ a: recordsOf(texts) });
    const thrown = new Error('what is this?');
    const watched = await watchAll(
      bufferFiles({
        directory,
        blockOf: () => {
          throw thrown;
        },
      }),
    );
    expect(watched.end).toBe(thrown);
  });

  test.each([-1, NaN, '1'])('timeBetweenBlocks cannot be %p, nor be without blockOf', wrong => {
    const timeBetweenBlocks = wrong as number;
    expect(() => bufferFiles({ directory: '.', blockOf, timeBetweenBlocks })).toThrow('timeBetweenBlocks');
    expect(() => bufferFiles({ directory: '.', timeBetweenBlocks: 1 })).toThrow('blockOf');
  });
});
