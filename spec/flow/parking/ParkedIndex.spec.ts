import { describe, expect, test } from '@jest/globals';
import { ParkedIndex, type Entry } from '../../../lib/flow/parking/ParkedIndex.js';
import { ReplayedEvents } from '../../../lib/flow/parking/ReplayedEvents.js';
import { thrownBy } from '../helpers.js';

const entry = (id: number, subscriber = 's', key: string | undefined = 'k'): Entry<string> => ({
  ...{ id, subscriber, key, event: `e${id}`, error: 'no', at: 0, bytes: 10 },
});

describe('what is parked, in memory', () => {
  test('it is counted, found and read in the order of ids', () => {
    const index = new ParkedIndex<string>();
    expect([index.size, index.last(), index.read(undefined, 9)]).toEqual([0, undefined, []]);
    for (const id of [1, 2, 10]) index.add(entry(id));
    expect([index.size, index.bytes, index.last()]).toEqual([3, 30, '10']);
    expect([...index.values()].map(({ id }) => id)).toEqual([1, 2, 10]);
    expect([index.hasId(2), index.hasId(3)]).toEqual([true, false]);
    expect(index.read('1', 9).map(({ id }) => id)).toEqual([2, 10]);
    expect(index.read(undefined, 2).map(({ id }) => id)).toEqual([1, 2]);
    expect([index.remove(2), index.remove(2), index.size, index.bytes]).toEqual([true, false, 2, 20]);
  });

  test('a key is there until its last event is removed; no key is not one', () => {
    const index = new ParkedIndex<string>();
    for (const id of [1, 2]) index.add(entry(id));
    index.add({ ...entry(3), key: undefined });
    const has = (key: string | undefined, subscriber = 's') => index.has({ subscriber, key });
    expect([has('k'), has('k', 'other'), has('other'), has(undefined)]).toEqual([true, false, false, false]);
    index.remove(1);
    expect(has('k')).toBe(true);
    index.remove(2);
    expect(has('k')).toBe(false);
  });

  test('it has room for `most` events of each subscriber, and for that many bytes of all', () => {
    const index = new ParkedIndex<string>();
    for (const id of [1, 2]) index.add(entry(id));
    const room = (events: number, bytes: number, subscriber = 's') =>
      (
        thrownBy(() => index.checkRoom({ subscriber, key: undefined, most: 3 }, events, bytes, 50)) as {
          bound?: string;
        }
      )?.bound;
    expect([room(1, 0), room(2, 0), room(3, 0, 'other')]).toEqual([undefined, 'most', undefined]);
    expect([room(1, 30), room(1, 31)]).toEqual([undefined, 'mostBytes']);
  });
});

describe('what a replay has given', () => {
  const who = { subscriber: 's', key: undefined, most: 10 };
  const parked = (id: string, event: object, key?: string) => ({
    ...{ id, subscriber: 's', key, event, error: 'no', at: 0 },
  });

  test('an event that fails again is kept, however often that is said', () => {
    const replayed = new ReplayedEvents<object>();
    const event = {};
    const given = replayed.given(parked('1', event));
    expect([replayed.keep([event], who), replayed.keep([event], who), given.isKept]).toEqual([true, true, true]);
    expect(replayed.keep([{}], who)).toBe(false);
  });

  test('an object that was given twice is kept once for each failure, in order', () => {
    const replayed = new ReplayedEvents<object>();
    const event = {};
    const [first, second] = [replayed.given(parked('1', event)), replayed.given(parked('2', event))];
    replayed.keep([event], who);
    expect([first.isKept, second.isKept]).toEqual([true, false]);
    replayed.settled(first);
    replayed.keep([event], who);
    expect(second.isKept).toBe(true);
    replayed.settled(second);
    expect(replayed.keep([event], who)).toBe(false);
  });

  test('later ones of a kept key stay behind it, others may be tried; it forgets all when it is over', () => {
    const replayed = new ReplayedEvents<object>();
    const [a, b, other] = [{}, {}, {}];
    replayed.given(parked('1', a, 'k'));
    const behind = replayed.given(parked('2', b, 'k'));
    replayed.given(parked('3', other, 'other'));
    expect(replayed.keepBehind([b], who)).toBe(false);
    replayed.keep([a], who);
    expect([replayed.keepBehind([b], who), behind.isKept]).toEqual([true, true]);
    expect([replayed.keepBehind([other], who), replayed.keepBehind([{}], who)]).toEqual([false, undefined]);
    replayed.clear();
    expect([replayed.keep([a], who), replayed.keepBehind([b], who)]).toEqual([false, undefined]);
  });

  test('values that are not objects are not told apart: none is kept', () => {
    const replayed = new ReplayedEvents<string | null>();
    for (const event of ['a', null]) {
      const given = replayed.given({ ...parked('1', {}), event });
      expect([replayed.keep([event], who), given.isKept]).toEqual([false, false]);
    }
  });
});
