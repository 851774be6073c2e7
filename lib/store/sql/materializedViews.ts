import type { SqlClient } from './SqlClient.js';

const VIEWS = `select (quote_ident(n.nspname) || '.' || quote_ident(c.relname))::text as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'm'
    and quote_ident(n.nspname) || '.' = coalesce(nullif($1, ''), quote_ident(current_schema()) || '.')
  order by c.oid`;

/** The names of the materialised views in a schema. `schema` ends with a dot; `''` is the first one of the search path. */
export const materializedViews = async (client: SqlClient, schema: string): Promise<readonly string[]> => {
  const { rows } = await client.query(VIEWS, [schema]);
  return (rows as readonly { readonly name: string }[]).map(({ name }) => name);
};
