import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import type { Parked, Parking } from 'rx-event-broker';
import { parkingContract, type ParkedTestEvent, type ParkingUnderTest } from 'rx-event-broker/testing';
import { parkingOn } from '../../../lib/flow/parking/parkingOn.js';
import type { ParkingStore } from '../../../lib/flow/parking/ParkingStore.js';
import { clausesBrokenBy } from './clausesBrokenBy.js';

type E = ParkedTestEvent;

/** What a restart leaves. */
class Disk {
  parked: readonly Parked<E>[] = [];
  lastId = 0;

  append(events: readonly E[], error: string | undefined, who: { subscriber: string; key: string | undefined }): void {
    const { subscriber, key } = who;
    for (const event of events)
      this.parked = [...this.parked, { id: String(++this.lastId), subscriber, key, event, error, at: 0 }];
  }
}

const full = (): Error => Object.assign(new Error('full'), { name: 'ParkingFullError' });

/** A plain list. */
const storeOn = (disk: Disk): ParkingStore<E> => {
  const of = (subscriber: string): readonly Parked<E>[] => disk.parked.filter(one => one.subscriber === subscriber);
  const add: ParkingStore<E>['add'] = async (events, error, who) => {
    if (of(who.subscriber).length + events.length > who.most) throw full();
    disk.append(events, error, who);
  };
  return {
    key: disk,
    add,
    addBehind: async (events, who) => {
      if (!of(who.subscriber).some(({ key }) => key === who.key)) return false;
      await add(events, undefined as never, who);
      return true;
    },
    last: () => disk.parked.at(-1)?.id,
    read: (after = '0', count) => disk.parked.filter(({ id }) => Number(id) > Number(after)).slice(0, count),
    remove: ids => {
      const gone = disk.parked.filter(({ id }) => ids.includes(id));
      disk.parked = disk.parked.filter(one => !gone.includes(one));
      return gone.length;
    },
  };
};

interface Wrong {
  /** What its store does otherwise. */
  readonly store?: (right: ParkingStore<E>, disk: Disk) => Partial<ParkingStore<E>>;
  /** What it does otherwise itself. */
  readonly parking?: (right: Parking<E>, disk: Disk) => Partial<Parking<E>>;
  /** What a restart does to its disk. */
  readonly restart?: (disk: Disk) => void;
}

const opened = (wrong: Wrong, disk = new Disk()): ParkingUnderTest => {
  const { store, parking, restart } = wrong;
  const rightStore = storeOn(disk);
  const right = parkingOn({ ...rightStore, ...store?.(rightStore, disk) });
  return {
    parking: { ...right, ...parking?.(right, disk) },
    reopen: async () => {
      restart?.(disk);
      return opened(wrong, disk);
    },
    close: async () => undefined,
  };
};

describe('B22 a list', () => parkingContract({ test, open: async () => opened({}) }));

/** The clauses that it breaks, without their promises. */
const brokenBy = async (wrong: Wrong): Promise<readonly string[]> => {
  const broken = await clausesBrokenBy(test => parkingContract({ test, open: async () => opened(wrong) }), /Error$/);
  return broken.map(name => name.replace(/^(B22\w )+/, ''));
};

const LISTED = 'what is parked is listed in order, with whom it is for, its key and its error';
const NOT_BEHIND = 'parkBehind stores nothing while nothing of the subscriber and the key is parked';
const BEHIND = 'parkBehind stores behind what is parked, until that has gone';
const KEYS = 'keys are compared as they are';
const FULL = 'past most it rejects with ParkingFullError, and stores none of the events';
const REMOVED = 'each replayed event is removed once it is settled; the rest stays';
const FAILS = 'what fails in a replay stays parked';
const ONLY = 'only passes over the later ones of a key, too';
const ANEW = 'what is parked behind during a replay is replayed, too; what fails anew is not';
const AGAIN = 'what fails again stays where it is, with those behind it, and others go on';
const PAUSED = 'a paused replay gives nothing';
const DISCARD = 'discard removes, and says how many were there';
const OVERLAP = 'parks that overlap are all stored';
const RESTART = 'after a restart it is all there, and ids are not used again';

describe('B22 parkingContract: a parking that breaks a rule', () => {
  test.each<[string, Wrong, readonly string[]]>([
    [
      'loses the last of several',
      {
        store: ({ add }) => ({
          add: (events, ...rest) => add(events.slice(0, Math.max(1, events.length - 1)), ...rest),
        }),
      },
      [LISTED, REMOVED],
    ],
    [
      'says that it is stored before it is',
      {
        store: ({ add }) => ({
          add: (...given) => {
            setTimeout(() => void Promise.resolve(add(...given)).catch(() => undefined), 1);
          },
        }),
      },
      [LISTED, OVERLAP],
    ],
    [
      'stores one twice',
      { store: ({ add }) => ({ add: ([first, ...rest], ...more) => add([first!, first!, ...rest], ...more) }) },
      [LISTED, REMOVED],
    ],
    ['forgets after a restart', { restart: disk => void (disk.parked = []) }, [RESTART]],
    [
      'forgets the key after a restart',
      { restart: disk => void (disk.parked = disk.parked.map(one => ({ ...one, key: undefined }))) },
      [RESTART],
    ],
    [
      'uses ids again after a restart',
      { restart: disk => void (disk.lastId = Number(disk.parked.at(-1)?.id ?? 0)) },
      [RESTART],
    ],
    [
      'gives in the wrong order',
      {
        store: ({ read }) => ({
          read: async (after, count) => [...(await read(after, count))].reverse(),
        }),
      },
      [LISTED, REMOVED],
    ],
    ['loses the error', { store: ({ add }) => ({ add: (events, _, who) => add(events, '', who) }) }, [LISTED, RESTART]],
    [
      'has an error for what was not tried',
      {
        store: ({ addBehind }, disk) => ({
          addBehind: async (...given) => {
            const behind = await addBehind(...given);
            disk.parked = disk.parked.map(one => ({ ...one, error: one.error ?? 'no' }));
            return behind;
          },
        }),
      },
      [BEHIND],
    ],
    ['holds an event after it was taken', { store: () => ({ remove: ids => ids.length }) }, [BEHIND, REMOVED, DISCARD]],
    [
      'removes an event when it is given',
      {
        store: ({ read }, disk) => ({
          read: async (after, count) => {
            const page = await read(after, count);
            if (count === 100 && after === undefined) queueMicrotask(() => void (disk.parked = []));
            return page;
          },
        }),
      },
      [REMOVED, FAILS],
    ],
    [
      'gives what fails anew, too',
      {
        store: ({ read }) => ({
          read: async (after, count) => (await read(after, count)).map(one => ({ ...one, error: undefined })),
        }),
      },
      [LISTED, ANEW],
    ],
    [
      'ignores that it is paused',
      { parking: ({ replay }) => ({ replay: options => (_, settlement) => replay(options)(NEVER, settlement) }) },
      [PAUSED],
    ],
    [
      'loses the settlement on the way',
      { parking: ({ replay }) => ({ replay: options => pause$ => replay(options)(pause$) }) },
      [REMOVED, FAILS],
    ],
    [
      'ignores only',
      { parking: ({ replay }) => ({ replay: ({ limit } = {}) => replay(limit === undefined ? {} : { limit }) }) },
      [ONLY],
    ],
    [
      'stores what fails again anew',
      { parking: (_, disk) => ({ park: (events, error, who) => disk.append(events, String(error), who) }) },
      [AGAIN],
    ],
    [
      'knows keys without case',
      {
        store: ({ addBehind }, disk) => ({
          addBehind: (events, who) => {
            const key = disk.parked.find(one => one.key?.toLowerCase() === who.key.toLowerCase())?.key;
            return addBehind(events, { ...who, key: key ?? who.key });
          },
        }),
      },
      [KEYS],
    ],
    [
      'mixes up subscribers',
      {
        store: ({ addBehind }, disk) => ({
          addBehind: (events, who) => {
            const other = disk.parked.find(({ key }) => key === who.key)?.subscriber;
            return addBehind(events, { ...who, subscriber: other ?? who.subscriber });
          },
        }),
      },
      [NOT_BEHIND],
    ],
    ['never parks behind', { store: () => ({ addBehind: () => false }) }, [BEHIND, KEYS, RESTART]],
    [
      'has no bound',
      { store: ({ add }) => ({ add: (events, error, who) => add(events, error, { ...who, most: Infinity }) }) },
      [FULL],
    ],
    [
      'stores those that fit',
      {
        store: ({ add }, disk) => ({
          add: async (events, error, who) => {
            const room = who.most - disk.parked.filter(({ subscriber }) => subscriber === who.subscriber).length;
            await add(events.slice(0, room), error, who);
            if (room < events.length) throw full();
          },
        }),
      },
      [FULL],
    ],
    [
      'loses one of those that overlap',
      {
        store: (_, disk) => ({
          add: async (events, error, who) => {
            const { parked } = disk;
            await Promise.resolve();
            disk.parked = parked;
            disk.append(events, error, who);
          },
        }),
      },
      [OVERLAP],
    ],
  ])('%s', async (_, wrong, clauses) => {
    expect(await brokenBy(wrong)).toEqual(expect.arrayContaining([...clauses]));
  });
});
