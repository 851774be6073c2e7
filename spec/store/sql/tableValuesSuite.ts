import { expect } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import type { ChainEvent } from '../chainOf.js';
import { writerOn, type Suite } from './writerOn.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

const bytes = Uint8Array.of(1, 2, 255, 0);
const shared = new SharedArrayBuffer(4);
new Uint8Array(shared).set(bytes);
const realm = (code: string): unknown => runInNewContext(code);

const BYTES: Readonly<Record<string, unknown>> = {
  Uint8Array: bytes,
  Buffer: Buffer.from(bytes),
  'a part of a larger buffer': Uint8Array.of(9, 1, 2, 255, 0, 9).subarray(1, 5),
  ArrayBuffer: bytes.buffer,
  SharedArrayBuffer: shared,
  DataView: new DataView(Uint8Array.of(9, 1, 2, 255, 0).buffer, 1),
  Int8Array: new Int8Array(bytes.buffer),
  Uint8ClampedArray: new Uint8ClampedArray(bytes),
  Uint32Array: new Uint32Array(bytes.buffer),
  'Uint8Array of another realm': realm('Uint8Array.of(1, 2, 255, 0)'),
  'ArrayBuffer of another realm': realm('Uint8Array.of(1, 2, 255, 0).buffer'),
  'DataView of another realm': realm('new DataView(Uint8Array.of(1, 2, 255, 0).buffer)'),
};

const gone = Uint8Array.of(1);
structuredClone(gone.buffer, { transfer: [gone.buffer] });
const circle: { self?: unknown } = {};
circle.self = circle;

const REFUSED: Readonly<Record<string, unknown>> = {
  'a function': () => 1,
  'a symbol': Symbol('s'),
  'a Map': new Map([[1, 2]]),
  'a Set': new Set([1]),
  'a Map of another realm': realm('new Map([[1, 2]])'),
  'a Promise': Promise.resolve(1),
  'an error': Object.assign(new Error('no'), { code: 1 }),
  'a regular expression': /a/,
  'a circle': circle,
  'a bigint in an object': { n: 1n },
  'an object that shows itself as nothing': { toJSON: () => undefined },
  'a lone surrogate': 'a\ud800b',
  'an invalid date': new Date(NaN),
  'an invalid date of another realm': realm('new Date(NaN)'),
  'bytes that were transferred away': gone,
};

/** Which values are stored, and how, for each driver and each way of writing. */
export const tableValuesSuite = <C extends SqlClient>({ test, client, copy }: Suite<C>): void => {
  const { inSchema, select, writeRows } = writerOn(client);

  for (const [how, more] of [
    ['unnest', {}],
    ['COPY', { copy, copyFrom: 1 }],
  ] as const) {
    test(`S14a ${how}: every kind of bytes`, async () => {
      await inSchema('create table kept (what text, b bytea)');
      await writeRows(Object.entries(BYTES), { ...more, table: 'kept', columns: ['what', 'b'] });
      const found = await select(`select what, encode(b, 'hex') as hex from kept`);
      expect(found).toEqual(Object.keys(BYTES).map(what => ({ what, hex: '0102ff00' })));
    });

    test(`S14b ${how}: dates of every realm and year`, async () => {
      await inSchema('create table kept (n integer, at timestamptz)');
      const dates = [
        new Date(0),
        realm('new Date(0)'),
        new Date('-000043-03-15T01:02:03.004Z'),
        new Date('0000-12-31T00:00:00Z'),
        new Date('+010000-01-01T00:00:00Z'),
        new Date('+270000-01-01T00:00:00Z'),
      ];
      await writeRows(
        dates.map((date, i) => [i, date]),
        { ...more, table: 'kept', columns: ['n', 'at'] },
      );
      const found = await select(
        `select to_char(at at time zone 'utc', 'FMYYYY-MM-DD HH24:MI:SS.MS BC') as at from kept order by n`,
      );
      expect(found).toEqual(
        [
          '1970-01-01 00:00:00.000 AD',
          '1970-01-01 00:00:00.000 AD',
          '44-03-15 01:02:03.004 BC',
          '1-12-31 00:00:00.000 BC',
          '10000-01-01 00:00:00.000 AD',
          '270000-01-01 00:00:00.000 AD',
        ].map(at => ({ at })),
      );
    });

    test(`S14 ${how}: arrays: numbers of typed arrays, a domain, the delimiter of the type`, async () => {
      await inSchema(
        'create domain texts as text[]',
        'create table kept (f double precision[], s texts, b box, bs box[], deep text[][])',
      );
      await writeRows(
        Array(2).fill([
          Float64Array.of(0.5, -2),
          ['a,b', 'c"', null],
          '(1,1),(0,0)',
          ['(1,1),(0,0)', '(2,2),(0,0)'],
          [['a', null]],
        ]) as unknown[][],
        { ...more, table: 'kept', columns: ['f', 's', 'b', 'bs', 'deep'] },
      );
      expect(
        await select(
          `select f::text as f, array_to_json(s::text[])::text as s, b::text as b, bs::text as bs, deep::text as deep from kept`,
        ),
      ).toEqual(
        Array(2).fill({
          f: '{0.5,-2}',
          s: '["a,b","c\\"",null]',
          b: '(1,1),(0,0)',
          bs: '{(1,1),(0,0);(2,2),(0,0)}',
          deep: '{{a,NULL}}',
        }),
      );
    });

    test(`S14 ${how}: an object whose JSON is a string is stored as that string, and as a JSON string in a JSON column`, async () => {
      await inSchema(
        'create domain document as jsonb',
        'create table kept (n numeric, t text, u text[], j json, d document, js jsonb[])',
      );
      const decimal = { toJSON: () => '1.50' };
      const row = [decimal, new URL('http://a/b'), [Object('a"b')], decimal, decimal, [decimal]];
      await writeRows([row], { ...more, table: 'kept', columns: ['n', 't', 'u', 'j', 'd', 'js'] });
      expect(
        await select('select n::text as n, t, u[1] as u, j::text as j, d::text as d, js[1]::text as js from kept'),
      ).toEqual([{ n: '1.50', t: 'http://a/b', u: 'a"b', j: '"1.50"', d: '"1.50"', js: '"1.50"' }]);
    });

    test(`S12c S14c ${how}: a value that cannot be stored is rejected, and is a bad row with continue`, async () => {
      await inSchema('create table kept (v text)');
      const writer = { ...more, table: 'kept', columns: ['v'] };
      const errorOf = (value: unknown): Promise<unknown> =>
        writeRows([['good'], [value]], writer).catch((error: unknown) => error);
      for (const [what, value] of Object.entries(REFUSED)) {
        expect([what, await errorOf(value)]).toMatchObject([
          what,
          { operation: 'flush', cause: { name: 'ColumnValueError', column: 'v' } },
        ]);
      }
      const notices: Notice<ChainEvent>[] = [];
      const values = Object.values(REFUSED).flatMap(value => [['good'], [value]]);
      await writeRows(values, writer, 'continue', notices);
      expect(await select('select count(*)::int as n, min(v) as v from kept')).toEqual([
        { n: values.length / 2, v: 'good' },
      ]);
      expect(notices.filter(({ type }) => type === 'Failed')).toHaveLength(values.length / 2);
    });
  }

  test('S14 the message for a rejected value', async () => {
    await inSchema('create table kept (v integer[])');
    const error = await writeRows([[new Map()]], { table: 'kept', columns: ['v'] }).catch((e: unknown) => e);
    expect((error as { cause: Error }).cause.message).toBe(
      `column v: expected an object that JSON can show, for the type integer[], found Map of 0 (${ERRORS_PAGE}#columnvalueerror)`,
    );
  });

  test('S14 bytes for an array of bytes are rejected: their numbers are not bytes', async () => {
    await inSchema('create table kept (v bytea[])');
    await expect(writeRows([[bytes]], { table: 'kept', columns: ['v'] })).rejects.toMatchObject({
      cause: { name: 'ColumnValueError' },
    });
    await writeRows([[[bytes, null]]], { table: 'kept', columns: ['v'] });
    expect(await select(`select encode(v[1], 'hex') as hex from kept`)).toEqual([{ hex: '0102ff00' }]);
  });
};
