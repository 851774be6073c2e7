import { quoteName } from './quoteName.js';

export interface Table {
  readonly table: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

const quotedList = (names: readonly string[]): string => names.map(quoteColumn).join(', ');

/** A column's name may hold a dot. */
const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `"app"."orders" ("id", "price")`: what rows go into. */
export const into = ({ table, columns }: Pick<Table, 'table' | 'columns'>): string =>
  `${quoteName(table)} (${quotedList(columns)})`;

/** What happens to a row whose keys are there: its other columns are updated. */
const onConflict = ({ columns, keys }: Table): string => {
  if (keys.length === 0) return '';
  const others = columns.filter(column => !keys.includes(column)).map(quoteColumn);
  const action =
    others.length === 0 ? 'nothing' : `update set ${others.map(column => `${column} = excluded.${column}`).join(', ')}`;
  return ` on conflict (${quotedList(keys)}) do ${action}`;
};

/** Inserts rows given as one array a column. An array column cannot be unnested as one: it travels as text. */
export const insertFromArrays = (table: Table, types: readonly string[]): string => {
  const names = types.map((_, i) => `c${String(i + 1)}`);
  const arrays = types.map((type, i) => `$${String(i + 1)}::${type.endsWith('[]') ? 'text' : type}[]`);
  const values = types.map((type, i) => (type.endsWith('[]') ? `${names[i]!}::${type}` : names[i]!));
  return `insert into ${into(table)} select ${values.join(', ')} from unnest(${arrays.join(', ')}) as given(${names.join(', ')})${onConflict(table)}`;
};

/** A place for rows that COPY cannot upsert: a table of the session's own, emptied by every commit. */
export const makeStaging = ({ table, columns }: Table, staging: string): string =>
  `create temporary table if not exists ${quoteName(staging)} on commit delete rows as select ${quotedList(columns)} from ${quoteName(table)} with no data`;

export const insertFromStaging = (table: Table, staging: string): string =>
  `insert into ${into(table)} select ${quotedList(table.columns)} from ${quoteName(staging)}${onConflict(table)}`;
