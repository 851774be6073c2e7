import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fairShares } from '../../../lib/nats/partitions/fairShares.js';
import { leaseRound, withoutMember } from '../../../lib/nats/partitions/leaseRound.js';
import { decodeTable, emptyTable, encodeTable, type LeaseTable } from '../../../lib/nats/partitions/LeaseTable.js';
import { livenessOf } from '../../../lib/nats/partitions/livenessOf.js';
import { partitionOf } from '../../../lib/nats/partitions/partitionOf.js';
import { MemberIds } from '../../../lib/nats/partitions/MemberIds.js';
import { planLeases } from '../../../lib/nats/partitions/planLeases.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A table in any state: of dead members, too. */
const tables = fc
  .record({
    partitions: fc.integer({ min: 1, max: 20 }),
    members: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
    owners: fc.array(fc.constantFrom('', 'dead', ...names), { minLength: 20, maxLength: 20 }),
  })
  .map(({ partitions, members, owners }) => ({
    alive: members,
    table: {
      members: Object.fromEntries(members.map(member => [member, 1])),
      leases: owners.slice(0, partitions).map(owner => ({ owner, epoch: 3 })),
    } satisfies LeaseTable,
  }));

const held = ({ leases }: LeaseTable, member: string): number => leases.filter(({ owner }) => owner === member).length;

describe('planLeases', () => {
  test('J12d shares differ by at most one and cover all partitions, whatever members hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 60 }),
        (counts, n) => {
          const shares = [...fairShares(new Map(counts.map((count, i) => [`m${i}`, count])), n).values()];
          expect(shares.reduce((a, b) => a + b)).toBe(n);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('J12d from any table, in any order of rounds, all partitions become taken and fair, and no more are given up than needed', () => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat(100)), ({ table: first, alive }, order) => {
        const isAlive = (member: string): boolean => alive.includes(member);
        const shares = fairShares(new Map(alive.map(member => [member, held(first, member)])), first.leases.length);
        const surplus = alive
          .map(member => Math.max(0, held(first, member) - shares.get(member)!))
          .reduce((a, b) => a + b);
        let table: LeaseTable = first;
        let given = 0;
        const round = (me: string): void => {
          const before = table;
          const ended = new Set(before.leases.flatMap(({ owner, leaving }, i) => (owner === me && leaving ? [i] : [])));
          const next = leaseRound(table, { me, beat: 2, isAlive, ended, isEnding: false });
          next.leases.forEach(({ owner, epoch }, i) => {
            const { owner: was, epoch: old } = before.leases[i]!;
            // nothing is taken from who is alive, and what is taken has the next epoch
            if (owner !== was && isAlive(was) && (was !== me || owner !== ''))
              throw new Error(`${owner} took it from ${was}`);
            if (epoch !== (owner !== was && owner !== '' ? old + 1 : old))
              throw new Error(`epoch ${epoch} after ${old}`);
          });
          given += ended.size;
          table = next;
        };
        for (let i = 0; i < 60; i++) round(alive[order.next().value! % alive.length]!);
        for (let i = 0; i < 60; i++) round(alive[i % alive.length]!);
        const counts = alive.map(member => held(table, member));
        expect(counts.reduce((a, b) => a + b)).toBe(table.leases.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(given).toBeLessThanOrEqual(surplus);
      }),
      { numRuns: 500 },
    );
  });

  test('a single member takes everything immediately', () => {
    expect(planLeases(emptyTable(4), 'a', () => false)).toEqual({ take: [0, 1, 2, 3], leave: undefined });
  });

  test('a member that leaves is removed with all its partitions', () => {
    const table = leaseRound(emptyTable(2), {
      me: 'a',
      beat: 1,
      isAlive: () => false,
      ended: new Set(),
      isEnding: false,
    });
    expect(withoutMember(table, 'a')).toEqual({
      members: {},
      leases: [
        { owner: '', epoch: 1 },
        { owner: '', epoch: 1 },
      ],
    });
  });

  test('J10c a member is dead when its number has not changed for leaseFor, by the clock of the member that checks', () => {
    const liveness = livenessOf(100);
    liveness.saw({ a: 1, b: 1 }, 1000);
    liveness.saw({ a: 2, b: 1 }, 1090);
    expect([liveness.isAlive('a', 1101), liveness.isAlive('b', 1100), liveness.isAlive('b', 1101)]).toEqual([
      true,
      true,
      false,
    ]);
    liveness.saw({ a: 2 }, 1102);
    expect(liveness.isAlive('b', 1102)).toBe(false);
    expect(liveness.isAlive('c', 1102)).toBe(false);
  });

  test('J12f a member that repeatedly loses its leases keeps no more ids than may be in the table', () => {
    const ids = new MemberIds('a');
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const before = ids.current;
      ids.lost();
      expect([ids.isFormer(before), ids.isFormer(ids.current)]).toEqual([true, false]);
      seen.add(before);
      if (i % 3 === 0) ids.written();
      expect(ids.all.length).toBeLessThanOrEqual(4);
    }
    expect(seen.size).toBe(1000);
  });

  test('J12c another number of partitions in the table is rejected', () => {
    const table = encodeTable(emptyTable(3));
    expect(decodeTable(table, 'orders', 3).leases).toHaveLength(3);
    expect(() => decodeTable(table, 'orders', 4)).toThrow(
      expect.objectContaining({ name: 'PartitionsError', stored: 3, given: 4 }),
    );
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"members":{},"leases":[{}]}',
    '{"members":{"a":"x"},"leases":[]}',
    '{"members":{},"leases":[null]}',
  ])('what is no table is an error: %s', text => {
    expect(() => decodeTable(new TextEncoder().encode(text), 'orders', 1)).toThrow('not a lease table');
  });
});

describe('partitionOf', () => {
  // FNV-1a, 32 bits: 0x811c9dc5, 0xe40c292c, 0xbf9cf968
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('J12a is the FNV-1a hash of the UTF-8 bytes, modulo n: %j', (key, hash) => {
    for (const n of [1, 2, 7, 8, 4096]) expect(partitionOf(key, n)).toBe(hash % n);
  });

  test('J12a of UTF-8, not of UTF-16', () => {
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from('Zürich €')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    expect(partitionOf('Zürich €', 4096)).toBe(hash % 4096);
  });
});
