import { expect, jest, test } from '@jest/globals';
import { Subject, take } from 'rxjs';
import type { Feed } from '../../../lib/source/disk/Feed.js';
import { fromFeed } from '../../../lib/source/disk/fromFeed.js';
import { noticeLog, settled } from './watch.js';

/** Counts up to `count`, `portion` at a time, and logs what is asked of it. */
const counting = (count: number, portion: number, log: string[] = []): Feed<number> & { release: () => void } => {
  let given = 0;
  let fetched = 0;
  let release = () => {};
  const released = new Promise<void>(resolve => (release = resolve));
  return {
    release,
    take: () => (given < fetched ? given++ : undefined),
    more: () => {
      log.push('more');
      fetched = Math.min(count, fetched + portion);
      return Promise.resolve(given < fetched);
    },
    close: () => {
      log.push('close');
      return released;
    },
  };
};

test('O3 a portion of a million values is a loop, not a recursion', async () => {
  let seen = 0;
  await fromFeed(() => counting(1_000_000, 1_000_000), { what: 'it' }).forEach(() => seen++);
  expect(seen).toBe(1_000_000);
});

test('L1b a second subscription fetches nothing before the first one is released', async () => {
  const log: string[] = [];
  const feeds: ReturnType<typeof counting>[] = [];
  const open = () => {
    const feed = counting(2, 1, log);
    feeds.push(feed);
    return feed;
  };
  const { notices, observer } = noticeLog();
  const numbers$ = fromFeed(open, { what: 'it', notices: observer });
  numbers$.pipe(take(1)).subscribe();
  await settled();
  expect([log.splice(0), notices]).toEqual([['more', 'close'], []]);
  const seen: number[] = [];
  numbers$.subscribe(value => seen.push(value));
  await settled();
  expect([log, seen]).toEqual([[], []]);
  feeds[0]!.release();
  await settled();
  expect(notices).toEqual([{ type: 'Released', what: 'it' }]);
  expect(seen).toEqual([0, 1]);
});

test('L1 also if the release fails', async () => {
  const { notices, observer } = noticeLog();
  const open = () => ({ ...counting(1, 1), close: () => Promise.reject(new Error('cannot be closed')) });
  const numbers$ = fromFeed(open, { what: 'it', notices: observer });
  await numbers$.forEach(() => {});
  await numbers$.forEach(() => {});
  await settled();
  expect(notices.map(({ type }) => type)).toEqual(['Failed', 'Released', 'Failed', 'Released']);
});

test('B10 a failure after unsubscription is reported: as a notice, or to the console if nobody observes notices', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => {});
  const broken = new Error('cannot be closed');
  const open = () => ({ ...counting(1, 1), close: () => Promise.reject(broken) });
  await fromFeed(open, { what: 'it' }).forEach(() => {});
  await settled();
  expect(error.mock.calls).toEqual([[expect.stringContaining('it failed'), broken]]);
  const { notices, observer } = noticeLog();
  await fromFeed(open, { what: 'it', notices: observer }).forEach(() => {});
  await settled();
  expect(notices).toMatchObject([{ type: 'Failed', subscriber: { name: 'it' }, error: broken }, { type: 'Released' }]);
  expect(error).toHaveBeenCalledTimes(1);
  error.mockRestore();
});

test('B10 an observer of Released that throws changes nothing', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => {});
  const seen: unknown[] = [];
  process.on('unhandledRejection', reason => seen.push(reason));
  const next = () => {
    throw new Error('observer');
  };
  const numbers$ = fromFeed(() => ({ ...counting(1, 1), close: () => Promise.resolve() }), {
    what: 'it',
    notices: { next },
  });
  await numbers$.forEach(() => {});
  await numbers$.forEach(() => {});
  await settled();
  process.removeAllListeners('unhandledRejection');
  expect(seen).toEqual([]);
  error.mockRestore();
});

test('B12 no fetch begins while paused, and a level that flickers during a fetch does not repeat it', async () => {
  const log: string[] = [];
  const pause$ = new Subject<boolean>();
  const seen: number[] = [];
  fromFeed(() => counting(3, 1, log), { what: 'it', pause$ }).subscribe(value => {
    seen.push(value);
    pause$.next(true);
  });
  await settled();
  expect([seen, log]).toEqual([[0], ['more']]);
  pause$.next(false);
  pause$.next(true);
  pause$.next(false);
  pause$.next(true);
  await settled();
  expect([seen, log]).toEqual([[0], ['more', 'more']]);
  pause$.next(false);
  expect(seen).toEqual([0, 1]);
});

test('O3 an error of take or more is the error, and everything is released', async () => {
  for (const broken of ['take', 'more'] as const) {
    const log: string[] = [];
    const thrown = new Error(broken);
    const open = () => {
      const feed = counting(1, 1, log);
      return {
        ...feed,
        take: broken === 'take' ? () => (log.includes('more') ? thrower(thrown) : feed.take()) : feed.take,
        more: broken === 'more' ? () => Promise.reject(thrown) : feed.more,
      };
    };
    await expect(fromFeed(open, { what: 'it' }).forEach(() => {})).rejects.toBe(thrown);
    expect(log).toContain('close');
  }
});

const thrower = (error: Error): never => {
  throw error;
};
