import { quoteName } from './names.js';
import type { SqlClient } from './SqlClient.js';
import { TableColumnsError } from './errors.js';

/** The properties of a column that writing into it depends on. */
export interface Column {
  readonly name: string;
  /** Without length or precision, so that a value that is too long is an error on assignment and not truncated by a cast. */
  readonly type: string;
  readonly isArray: boolean;
  /** JSON, or an array or a domain of JSON. */
  readonly isJson: boolean;
  /** The separator between the elements of an array. */
  readonly delimiter: string;
  /** The type to which assignment rounds, for comparing keys; `type` if a cast would truncate. */
  readonly rounded: string;
  /** The length of a varchar: assignment removes spaces after it. */
  readonly limit: number | undefined;
  /** The collation; `undefined` if it is that of the type. */
  readonly collation: string | undefined;
}

/** Values as text, so that the result does not depend on the parsers of a driver. */
const COLUMNS = `select a.attname::text as name,
    format_type(a.atttypid, -1)::text as type,
    (t.typcategory = 'A')::text as array,
    exists (select from pg_type e where e.oid in (t.oid, t.typelem)
      and e.typoutput::oid in ('json_out(json)'::regprocedure, 'jsonb_out(jsonb)'::regprocedure))::text as json,
    t.typdelim::text as delimiter,
    format_type(a.atttypid, case
      when coalesce(nullif(t.typelem, 0), t.oid) in ('bpchar'::regtype, 'varchar'::regtype, 'bit'::regtype, 'varbit'::regtype)
      then -1 else a.atttypmod end)::text as rounded,
    case when t.oid = 'varchar'::regtype and a.atttypmod > 4 then (a.atttypmod - 4)::text end as limit,
    (select quote_ident(n.nspname) || '.' || quote_ident(c.collname) from pg_collation c join pg_namespace n on n.oid = c.collnamespace
     where c.oid = a.attcollation and a.attcollation <> t.typcollation)::text as collation
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`;

type ColumnRow = Readonly<Record<'name' | 'type' | 'array' | 'json' | 'delimiter' | 'rounded', string>> &
  Readonly<Record<'limit' | 'collation', string | null>>;

/** The columns of a table, in the order of `columns`. Throws `TableColumnsError` if the table lacks one. */
export const tableColumns = async (
  client: SqlClient,
  table: string,
  columns: readonly string[],
): Promise<readonly Column[]> => {
  const { rows } = await client.query(COLUMNS, [quoteName(table)]);
  const found = new Map((rows as readonly ColumnRow[]).map(row => [row.name, columnOf(row)]));
  const missing = columns.filter(column => !found.has(column));
  if (missing.length > 0) throw new TableColumnsError(table, missing, [...found.keys()]);
  return columns.map(column => found.get(column)!);
};

const columnOf = ({ array, json, limit, collation, ...row }: ColumnRow): Column => ({
  ...row,
  isArray: array === 'true',
  isJson: json === 'true',
  limit: limit === null ? undefined : Number(limit),
  collation: collation ?? undefined,
});

/** Looks at the unique indexes on exactly these columns. `indnullsnotdistinct` exists from PostgreSQL 15 on. */
const NULLS = `select coalesce(bool_or((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean), false)::text as equal
  from pg_index i
  where i.indrelid = to_regclass($1) and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and (select array_agg(a.attname::text order by a.attname::text) from pg_attribute a
         where a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
      = (select array_agg(k order by k) from unnest($2::text[]) as k)`;

/** Whether the table's unique index treats nulls among the keys as equal. */
export const areNullsEqual = async (client: SqlClient, table: string, keys: readonly string[]): Promise<boolean> => {
  const { rows } = await client.query(NULLS, [quoteName(table), textArray(keys)]);
  return (rows as readonly { readonly equal: string }[])[0]?.equal === 'true';
};

const textArray = (names: readonly string[]): string =>
  `{${names.map(name => `"${name.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
