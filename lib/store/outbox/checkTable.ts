import type { SqlClient } from '../sql/SqlClient.js';
import { quoteName } from '../sql/names.js';
import { tableColumns } from '../sql/tableColumns.js';
import { OutboxTableError } from './OutboxTableError.js';

/**
 * Values as text, so that the result does not depend on the parsers of a driver. An identity owns its sequence; a
 * default depends on its own, and must be nothing but its next value.
 */
const TABLE = `select c.oid::text as oid,
    i.attnotnull::text as not_null,
    pg_get_expr(d.adbin, d.adrelid)::text as default,
    s.seqcache::text as cache,
    s.seqincrement::text as increment,
    s.seqcycle::text as cycles,
    exists (select from pg_index u
      where u.indrelid = c.oid and u.indisunique and u.indisvalid and u.indimmediate
        and u.indpred is null and u.indexprs is null
        and (u.indkey::int2[])[0:u.indnkeyatts - 1] = array[i.attnum])::text as unique
  from pg_class c
    join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = i.attnum
    left join pg_sequence s on case when i.attidentity <> '' then
        exists (select from pg_depend p where p.deptype = 'i'
          and p.classid = 'pg_class'::regclass and p.objid = s.seqrelid
          and p.refclassid = 'pg_class'::regclass and p.refobjid = c.oid and p.refobjsubid = i.attnum)
      else
        exists (select from pg_depend p where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid
          and p.refclassid = 'pg_class'::regclass and p.refobjid = s.seqrelid)
        and pg_get_expr(d.adbin, d.adrelid) = concat('nextval(''', replace(s.seqrelid::regclass::text, '''', ''''''), '''::regclass)')
      end
  where c.oid = to_regclass($1)`;

type TableRow = Readonly<Record<'oid' | 'not_null' | 'unique', string>> &
  Readonly<Record<'default' | 'cache' | 'increment' | 'cycles', string | null>>;

/** The types that a sequence can have. */
const ID_TYPES: readonly string[] = ['smallint', 'integer', 'bigint'];

/** What the statements need to know about the table. */
export interface TableFacts {
  readonly oid: string;
  readonly idType: string;
}

/** Checks that the ids of the table rise with time, so that a lock orders its rows (promise X2). Throws `OutboxTableError`. */
export const checkTable = async (client: SqlClient, table: string, columns: readonly string[]): Promise<TableFacts> => {
  const [id] = await tableColumns(client, table, ['id', ...columns]);
  const { rows } = await client.query(TABLE, [quoteName(table)]);
  const facts = (rows as readonly TableRow[])[0]!;
  const expect = (holds: boolean, expected: string, found: string): void => {
    if (!holds) throw new OutboxTableError(table, expected, found);
  };
  expect(ID_TYPES.includes(id!.type), `the column id to be one of ${ID_TYPES.join(', ')}`, id!.type);
  expect(facts.not_null === 'true', 'the column id to be not null', 'one that may be null');
  expect(facts.unique === 'true', 'a unique index or primary key on (id)', 'none');
  expect(
    facts.cache !== null,
    'the column id to be an identity or to have the default nextval(…)',
    facts.default ?? 'no default',
  );
  // with a larger cache, a session may use an id that it reserved earlier after another session has used a higher one
  expect(facts.cache === '1', 'the sequence of the column id to have CACHE 1', `CACHE ${facts.cache!}`);
  expect(
    Number(facts.increment) > 0,
    'the sequence of the column id to have a positive INCREMENT',
    `INCREMENT ${facts.increment!}`,
  );
  expect(facts.cycles === 'false', 'the sequence of the column id to have NO CYCLE', 'CYCLE');
  return { oid: facts.oid, idType: id!.type };
};
