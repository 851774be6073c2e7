import { expect, jest } from '@jest/globals';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { blockEvents, type ChainEvent } from '../chainOf.js';
import { writerOn, type Suite } from './writerOn.js';

/** What `tableWriter` does, for each driver. */
export const tableWriterSuite = <C extends SqlClient>({ test, client, copy }: Suite<C>): void => {
  const { inSchema, select, run } = writerOn(client);

  for (const [how, more] of [
    ['unnest', {}],
    ['COPY', { copy, copyFrom: 1 }],
  ] as const) {
    test(`S3 ${how}: the rows of a block, whatever is in them`, async () => {
      await inSchema(
        `create table "odd ""table" (n integer primary key, "a ""name, with.dot" text, big numeric, yes boolean,
           bytes bytea, at timestamptz, list text[], grid integer[][], doc jsonb, short varchar(3), bits bit(4))`,
      );
      const odd = [
        '',
        ' ',
        'null',
        'NULL',
        '\\N',
        '\\.',
        '\t',
        '\n',
        '\r\n',
        '\\',
        '"',
        "'",
        '{}',
        '{"a"}',
        ',',
        '$1',
        '€ 𝄞',
      ];
      const all = [...odd, ...oddMixes(odd)];
      await run(blockEvents(1, { rows: all.length }), {
        ...more,
        table: 'odd "table',
        columns: ['n', 'a "name, with.dot', 'big', 'yes', 'bytes', 'at', 'list', 'grid', 'doc', 'short', 'bits'],
        rowsOf: ({ value }) => {
          const text = all[value - 1000]!;
          const rest = [
            [text, null, 'x'],
            [
              [1, 2],
              [3, 4],
            ],
            { text, n: 1, no: null },
            'abc',
            '1010',
          ];
          return value % 2 === 0
            ? [[value, text, 2n ** 70n, true, new Uint8Array([0, 255]), new Date(86_400_000), ...rest]]
            : [[value, text, -1.5, false, null, undefined, ...rest]];
        },
      });
      const found = await select(
        `select "a ""name, with.dot" as text, big::text, yes, encode(bytes, 'hex') as bytes, extract(epoch from at)::int as at,
           array_to_json(list)::text as list, array_to_json(grid)::text as grid, doc ->> 'text' as doc, short, bits::text
         from "odd ""table" order by n`,
      );
      expect(found).toEqual(
        all.map((text, i) => ({
          text,
          ...(i % 2 === 0
            ? { big: String(2n ** 70n), yes: true, bytes: '00ff', at: 86_400 }
            : { big: '-1.5', yes: false, bytes: null, at: null }),
          list: JSON.stringify([text, null, 'x']),
          grid: '[[1,2],[3,4]]',
          doc: text,
          short: 'abc',
          bits: '1010',
        })),
      );
    });

    test(`S3 ${how}: the last of the rows with the same keys wins, in a block and across blocks`, async () => {
      await inSchema('create table states (id integer, side text, price integer, note text, unique (id, side))');
      await run([...blockEvents(1, { rows: 9 }), ...blockEvents(2, { rows: 4 })], {
        ...more,
        table: 'states',
        columns: ['price', 'id', 'side'],
        keys: ['id', 'side'],
        rowsOf: ({ value }) => [
          [value, value % 3, 'buy'],
          [value, value % 3, value % 2 === 0 ? null : 'sell'],
        ],
      });
      expect(await select("select id, price from states where side = 'buy' order by id")).toEqual([
        { id: 0, price: 2001 },
        { id: 1, price: 2002 },
        { id: 2, price: 2003 },
      ]);
      expect(await select('select count(*)::int as nulls from states where side is null')).toEqual([{ nulls: 7 }]);
    });

    test(`S3 ${how}: keys alone`, async () => {
      await inSchema('create table seen (id integer primary key)');
      await run([...blockEvents(1, { rows: 3 }), ...blockEvents(2, { rows: 3 })], {
        ...more,
        table: 'seen',
        columns: ['id'],
        keys: ['id'],
        rowsOf: ({ value }) => [[value % 1000]],
      });
      expect(await select('select id from seen order by id')).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
    });

    test(`S7 ${how}: with continue, a bad row is announced with its event, and the others are kept`, async () => {
      await inSchema('create table positive (n integer check (n <> 1003))');
      const notices: Notice<ChainEvent>[] = [];
      const writer = { ...more, table: 'positive', columns: ['n'], rowsOf: ({ value }: ChainEvent) => [[value]] };
      await run([...blockEvents(1, { rows: 6 }), ...blockEvents(2)], writer, 'continue', notices);
      expect(await select('select n from positive order by n')).toEqual(
        [1000, 1001, 1002, 1004, 1005, 2000].map(n => ({ n })),
      );
      const failures = notices.flatMap(notice => (notice.type === 'Failed' ? [notice] : []));
      expect(failures).toHaveLength(1);
      expect(failures[0]).toMatchObject({ subscriber: { name: 'positive' }, events: [{ value: 1003 }] });
      expect(String(failures[0]?.error)).toContain('violates check constraint');
    });

    test(`S7 ${how}: a value that is too long is an error, never truncated`, async () => {
      await inSchema('create table short (text varchar(3))');
      const writer = { ...more, table: 'short', columns: ['text'], rowsOf: () => [['abcd']] };
      await expect(run(blockEvents(1), writer)).rejects.toThrow('value too long for type character varying(3)');
      expect(await sqlBlockStore(client()).progress()).toBeUndefined();
    });
  }

  test('S3 rows past maxRows are written before the end-block, in the same transaction', async () => {
    await inSchema('create table many (n integer check (n <> 1007))');
    const query = jest.spyOn(client() as SqlClient, 'query');
    const writer = { table: 'many', columns: ['n'], maxRows: 4, rowsOf: ({ value }: ChainEvent) => [[value]] };
    await expect(run(blockEvents(1, { rows: 10 }), writer)).rejects.toMatchObject({
      operation: 'next',
      event: { value: 1007 },
    });
    const inserts = query.mock.calls.filter(([query]) => textOf(query).startsWith('insert into "many"')).length;
    query.mockRestore();
    expect(inserts).toBe(2);
    expect(await select('select n from many')).toEqual([]);
    await run(blockEvents(1, { rows: 10 }), writer, 'continue');
    expect(await select('select n from many where n > 1002 order by n')).toEqual(
      [1003, 1004, 1005, 1006, 1008, 1009].map(n => ({ n })),
    );
  });

  test('S7 a table without the columns, no table at all, a row too short: clear errors', async () => {
    await inSchema('create table thin (a integer, b integer)');
    const writer = { table: 'thin', columns: ['a', 'price', 'size'], rowsOf: () => [[1, 2, 3]] };
    await expect(run(blockEvents(1), writer)).rejects.toMatchObject({
      operation: 'flush',
      subscriber: 'thin',
      cause: { name: 'TableColumnsError', missing: ['price', 'size'] },
      message: expect.stringContaining('table thin: expected the columns price, size, found only a, b'),
    });
    await expect(run(blockEvents(1), { ...writer, table: 'none' })).rejects.toThrow('found no such table');
    await expect(run(blockEvents(1), { ...writer, rowsOf: () => [[1]] })).rejects.toMatchObject({
      operation: 'next',
      cause: { name: 'OptionError', message: expect.stringContaining('expected rows of 3 values, found 1') },
    });
    await expect(async () => run([], { ...writer, keys: ['id'] })).rejects.toThrow(
      'keys: expected some of the columns',
    );
  });
};

/** `pg` is given some statements with a name. */
const textOf = (query: string | { readonly text: string }): string => (typeof query === 'string' ? query : query.text);

/** Each of the texts before each other one. */
const oddMixes = (texts: readonly string[]): readonly string[] =>
  texts.flatMap(text => texts.map(other => `${text}${other}`));
