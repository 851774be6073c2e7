import type { SqlClient } from '../sql/SqlClient.js';
import { quoteName } from '../sql/names.js';
import { tableColumns } from '../sql/tableColumns.js';
import { OutboxTableError } from './OutboxTableError.js';

/** Values as text, so that the result does not depend on the parsers of a driver. */
const TABLE = `select c.oid::text as oid,
    (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = c.oid and d.adnum = x.attnum)::text as default,
    x.attnotnull::text as xid_not_null,
    i.attnotnull::text as id_not_null,
    exists (select from pg_index u
      where u.indrelid = c.oid and u.indisunique and u.indisvalid and u.indimmediate
        and u.indpred is null and u.indexprs is null
        and (u.indkey::int2[])[0:u.indnkeyatts - 1] <@ array[x.attnum, i.attnum])::text as unique
  from pg_class c
    join pg_attribute x on x.attrelid = c.oid and x.attname = 'xid'
    join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
  where c.oid = to_regclass($1)`;

type TableRow = Readonly<Record<'oid' | 'xid_not_null' | 'id_not_null' | 'unique', string>> & {
  readonly default: string | null;
};

/** Their texts need no quotes in an array, and give the same value again. */
const ID_TYPES: readonly string[] = ['smallint', 'integer', 'bigint', 'uuid'];

/** What the statements need to know of the table. */
export interface TableFacts {
  readonly oid: string;
  readonly idType: string;
}

/** Looks whether the table can be read without skipping a row (promise X2). */
export const checkTable = async (client: SqlClient, table: string, columns: readonly string[]): Promise<TableFacts> => {
  const [xid, id] = await tableColumns(client, table, ['xid', 'id', ...columns]);
  const { rows } = await client.query(TABLE, [quoteName(table)]);
  const [facts] = rows as readonly TableRow[];
  const expect = (holds: boolean, expected: string, found: string): void => {
    if (!holds) throw new OutboxTableError(table, expected, found);
  };
  expect(xid!.type === 'xid8', 'the column xid to be xid8', xid!.type);
  expect(
    facts!.default === 'pg_current_xact_id()',
    'the column xid to have the default pg_current_xact_id()',
    facts!.default ?? 'no default',
  );
  expect(facts!.xid_not_null === 'true', 'the column xid to be not null', 'one that may be null');
  expect(ID_TYPES.includes(id!.type), `the column id to be one of ${ID_TYPES.join(', ')}`, id!.type);
  expect(facts!.id_not_null === 'true', 'the column id to be not null', 'one that may be null');
  expect(facts!.unique === 'true', 'a unique index or primary key on (xid, id)', 'none');
  return { oid: facts!.oid, idType: id!.type };
};
