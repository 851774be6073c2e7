import { describe, expect, test } from '@jest/globals';
import { lease, leased } from '../../lib/flow/lease.js';

/** Takes leases of `key` and logs what happens. */
const users = (key: object | string) => {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (name: string): (() => void) =>
    lease(key, end => {
      log.push(`${name} begins`);
      ends.set(name, end);
    });
  return { log, take, end: (name: string) => ends.get(name)?.() };
};

let texts = 0;
/** A text that nobody has a lease of, also if another run of the test has left one. */
const text = (): string => `key ${++texts}`;

describe('L1 a lease', () => {
  test.each<[string, () => object | string]>([
    ['an object', () => ({})],
    ['a text', text],
  ])('of %s: one user at a time, in the order in which they asked', (_, key) => {
    const { log, take, end } = users(key());
    for (const name of ['first', 'second', 'third']) take(name);
    expect(log).toEqual(['first begins']);
    end('first');
    end('first');
    expect(log).toEqual(['first begins', 'second begins']);
    end('second');
    end('third');
    take('fourth');
    expect(log).toEqual(['first begins', 'second begins', 'third begins', 'fourth begins']);
    end('fourth');
  });

  test('of one key does not delay another key, and equal texts are the same key', () => {
    const key = text();
    const { log, take, end } = users(key);
    take('first');
    lease(text(), () => log.push('another begins'));
    lease([...key].join(''), () => log.push('the same begins'));
    expect(log).toEqual(['first begins', 'another begins']);
    end('first');
    expect(log.at(-1)).toBe('the same begins');
  });

  test('a waiter that gives up is skipped; after it has begun, giving up does nothing', () => {
    const { log, take, end } = users({});
    const stopFirst = take('first');
    const stopSecond = take('second');
    take('third');
    stopSecond();
    stopFirst();
    expect(log).toEqual(['first begins']);
    end('first');
    expect(log).toEqual(['first begins', 'third begins']);
  });

  test('may end inside its own begin, and be taken again in it', () => {
    const log: string[] = [];
    const key = text();
    lease(key, end => {
      lease(key, endSecond => {
        log.push('second');
        endSecond();
      });
      log.push('first');
      end();
    });
    lease(key, () => log.push('third'));
    expect(log).toEqual(['first', 'second', 'third']);
  });
});

describe('L1 a leased Observable', () => {
  test('a source that cannot be opened errors, and does not keep the next one waiting', () => {
    const errors: unknown[] = [];
    let opened = 0;
    let release = () => {};
    const source$ = leased<never>({}, (_, end) => {
      release = end;
      if (++opened === 2) throw new RangeError('no more');
    });
    source$.subscribe().unsubscribe();
    const left = source$.subscribe();
    for (let i = 0; i < 2; i++) source$.subscribe({ error: (error: Error) => errors.push(error.name) });
    left.unsubscribe();
    release();
    expect([opened, errors]).toEqual([3, ['RangeError']]);
  });

  test('the next one opens after the release, not after the unsubscription', () => {
    const log: string[] = [];
    let release = () => {};
    const source$ = leased<never>({}, (_, end) => {
      log.push('open');
      release = end;
      return () => log.push('teardown');
    });
    source$.subscribe().unsubscribe();
    source$.subscribe();
    expect(log).toEqual(['open', 'teardown']);
    release();
    expect(log).toEqual(['open', 'teardown', 'open']);
  });
});
