import { quoteName } from './quoteName.js';
import type { SqlClient } from './SqlClient.js';
import { TableColumnsError } from './TableColumnsError.js';

/** Types without their length or precision: a value too long is then an error on assignment, never cut by a cast. */
const COLUMNS = `select attname::text as name, format_type(atttypid, -1) as type from pg_attribute
  where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`;

/** The SQL types of the columns of a table, in the order asked for. */
export const columnTypes = async (
  client: SqlClient,
  table: string,
  columns: readonly string[],
): Promise<readonly string[]> => {
  const { rows } = await client.query(COLUMNS, [quoteName(table)]);
  const types = new Map((rows as readonly { name: string; type: string }[]).map(({ name, type }) => [name, type]));
  const missing = columns.filter(column => !types.has(column));
  if (missing.length > 0) throw new TableColumnsError(table, missing, [...types.keys()]);
  return columns.map(column => types.get(column)!);
};
