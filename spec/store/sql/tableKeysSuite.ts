import { expect } from '@jest/globals';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import type { ChainEvent } from '../chainOf.js';
import { writerOn, type Suite } from './writerOn.js';

/** Pairs of keys that are one key for the column. */
const EQUAL: readonly (readonly [what: string, column: string, first: unknown, second: unknown])[] = [
  ['uuid in capitals', 'uuid unique', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'],
  ['numeric with zeros', 'numeric unique', '1.0', 1],
  ['numeric that is rounded', 'numeric(5, 2) unique', '1.001', '1.002'],
  ['integer with spaces', 'integer unique', ' 1', 1n],
  ['float', 'double precision unique', '0.10', 0.1],
  ['time in another form', 'timestamptz unique', '2024-01-01T00:00:00Z', new Date('2024-01-01T00:00:00Z')],
  ['time that is rounded', 'timestamp(0) unique', '2024-01-01 00:00:00.1', '2024-01-01 00:00:00.2'],
  ['bytes and hex in capitals', 'bytea unique', Uint8Array.of(0xab), '\\xAB'],
  ['char with spaces', 'char(5) unique', 'ab', 'ab '],
  ['varchar whose spaces are cut', 'varchar(2) unique', 'ab', 'ab  '],
  ['boolean in another word', 'boolean unique', 'yes', true],
  ['array in another form', 'integer[] unique', [1, 2], '{ 1,2 }'],
  ['jsonb in another order', 'jsonb unique', '{"a":1,"b":2}', { b: 2, a: 1 }],
  ['null, where nulls are equal', 'integer unique nulls not distinct', null, undefined],
];

/** Pairs of keys that are two keys for the column. */
const DIFFERENT: readonly (readonly [what: string, column: string, first: unknown, second: unknown])[] = [
  ['text in capitals', 'text unique', 'a', 'A'],
  ['text with spaces', 'text unique', 'a', 'a '],
  ['null, where nulls are distinct', 'integer unique', null, null],
  ['two that begin alike', 'varchar(2) unique', 'ab', 'ac'],
];

/** Which rows an upsert takes for one, for each driver and each way of writing. */
export const tableKeysSuite = <C extends SqlClient>({ test, client, copy }: Suite<C>): void => {
  const { inSchema, select, writeRows } = writerOn(client);
  const numbersOf = async (): Promise<readonly unknown[]> =>
    (await select('select n from keyed order by n')).map(row => (row as { n: number }).n);
  const keyed = { table: 'keyed', columns: ['n', 'k'], keys: ['k'] };

  for (const [how, more] of [
    ['unnest', {}],
    ['COPY', { copy, copyFrom: 1 }],
  ] as const) {
    for (const [what, column, first, second] of EQUAL) {
      test(`S13a ${how}: ${what}: one key, the last row wins`, async () => {
        await inSchema(`create table keyed (k ${column}, n integer)`);
        await writeRows(
          [
            [1, first],
            [2, second],
          ],
          { ...keyed, ...more },
        );
        expect(await numbersOf()).toEqual([2]);
      });
    }
    for (const [what, column, first, second] of DIFFERENT) {
      test(`S13 ${how}: ${what}: two keys`, async () => {
        await inSchema(`create table keyed (k ${column}, n integer)`);
        await writeRows(
          [
            [1, first],
            [2, second],
          ],
          { ...keyed, ...more },
        );
        expect(await numbersOf()).toEqual([1, 2]);
      });
    }

    test(`S13 ${how}: a key that is too long is an error, also together with a key that is its prefix`, async () => {
      await inSchema('create table keyed (k varchar(2) unique, n integer)');
      await expect(
        writeRows(
          [
            [1, 'abc'],
            [2, 'ab'],
          ],
          { ...keyed, ...more },
        ),
      ).rejects.toThrow('value too long');
    });

    test(`S13 ${how}: rows are written in the order in which they arrived, each once`, async () => {
      await inSchema(
        'create table keyed (k integer unique, n integer, id serial)',
        'create table noted (k integer)',
        `create function note() returns trigger language plpgsql as 'begin insert into noted values (new.k); return new; end'`,
        'create trigger noting before insert on keyed for each row execute function note()',
      );
      await writeRows(
        [
          [1, 9],
          [2, 9],
          [3, 5],
          [4, 7],
        ],
        { ...keyed, ...more },
      );
      expect(await select('select k, n from keyed order by id')).toEqual([
        { k: 9, n: 2 },
        { k: 5, n: 3 },
        { k: 7, n: 4 },
      ]);
      expect(await select('select count(*)::int as n from noted')).toEqual([{ n: 3 }]);
    });

    test(`S13b ${how}: a key in several writes: the last row wins, and each write has its own rows`, async () => {
      await inSchema(
        'create table keyed (k text unique, n integer)',
        'create table noted (n integer)',
        `create function note() returns trigger language plpgsql as 'begin insert into noted values (new.n); return new; end'`,
        'create trigger noting before insert on keyed for each row execute function note()',
      );
      const rows = Array.from({ length: 30 }, (_, i) => [i, i % 10 === 0 ? 'again' : `k${i}`]);
      await writeRows(rows, { ...keyed, ...more, maxRows: 7 });
      expect(await select(`select n from keyed where k = 'again'`)).toEqual([{ n: 20 }]);
      expect(await select('select count(*)::int as n from keyed')).toEqual([{ n: 28 }]);
      expect(await select('select n from noted order by n')).toEqual(rows.map(([n]) => ({ n })));
    });

    test(`S7 S13 ${how}: a bad row between two with one key: only the bad row is announced, and the last row wins`, async () => {
      await inSchema('create table keyed (k text unique, n integer)');
      const notices: Notice<ChainEvent>[] = [];
      await writeRows(
        [
          [1, 'a'],
          ['none', 'b'],
          [3, 'a'],
        ],
        { ...keyed, ...more },
        'continue',
        notices,
      );
      expect(await numbersOf()).toEqual([3]);
      expect(notices.filter(({ type }) => type === 'Failed')).toMatchObject([{ events: [{ value: 1001 }] }]);
    });
  }

  test('S7 S13 keys without a unique index are an error, and no bad rows', async () => {
    await inSchema('create table keyed (k text, n integer)');
    await expect(writeRows([[1, 'a']], keyed, 'continue')).rejects.toMatchObject({
      operation: 'flush',
      cause: { code: '42P10' },
    });
  });
};
