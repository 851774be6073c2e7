import { quoteColumn, quoteName } from './names.js';
import type { Column } from './tableColumns.js';

export interface Table {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly keys: readonly string[];
  /** Whether nulls among the keys are equal. */
  readonly nullsEqual: boolean;
}

const list = (texts: readonly string[]): string => texts.join(', ');
const namesOf = (columns: readonly { readonly name: string }[]): string =>
  list(columns.map(({ name }) => quoteColumn(name)));

/** The target of an insert: `"app"."orders" ("id", "price")`. */
export const into = ({ table, columns }: Table): string => `${quoteName(table)} (${namesOf(columns)})`;

/** If a row with these keys exists, its other columns are updated. */
const onConflict = ({ columns, keys }: Table): string => {
  const others = columns.map(({ name }) => name).filter(name => !keys.includes(name));
  const action =
    others.length === 0
      ? 'nothing'
      : `update set ${list(others.map(quoteColumn).map(name => `${name} = excluded.${name}`))}`;
  return `on conflict (${list(keys.map(quoteColumn))}) do ${action}`;
};

/**
 * Of the rows of `from` with equal keys, selects the one with the highest `n`, in the order of `n`: an upsert may touch a
 * row only once. The database decides what is equal, as it does for its index.
 */
const lastOfEachKey = (table: Table, from: string, isTyped: boolean): string => {
  const { columns, keys, nullsEqual } = table;
  const places = keys.map(key => columns.findIndex(({ name }) => name === key));
  const values = columns.map((column, i) => (isTyped ? place(i) : cast(column, i)));
  const equal = [
    ...places.map(i => (isTyped ? place(i) : keyText(columns[i]!, values[i]!))),
    ...(nullsEqual ? [] : [`case when num_nulls(${list(places.map(place))}) > 0 then n end`]),
  ];
  const rows = `select distinct on (${list(equal)}) ${list(values.map((value, i) => `${value} as v${i}`))}, n
    from ${from} order by ${list(equal)}, n desc`;
  return `select ${list(values.map((_, i) => `v${i}`))} from (${rows}) as last order by n`;
};

const place = (i: number): string => `c${i}`;

/** An array column cannot be unnested as an array, so it is sent as text. */
const cast = ({ isArray, type }: Column, i: number): string => (isArray ? `${place(i)}::${type}` : place(i));

/** A key as it will be stored: rounded, without removed spaces, and with the collation of the column. */
const keyText = ({ rounded, limit, collation }: Column, value: string): string => {
  const [max, rest] = [String(limit), String((limit ?? 0) + 1)];
  const cut = limit === undefined ? value : `left(${value}, ${max}) || rtrim(substr(${value}, ${rest}), ' ')`;
  return `(${cut})::${rounded}${collation === undefined ? '' : ` collate ${collation}`}`;
};

/** Inserts rows that are sent as one array per column. */
export const insertFromArrays = (table: Table): string => {
  const { columns, keys } = table;
  const names = columns.map((_, i) => place(i));
  const arrays = columns.map(({ isArray, type }, i) => `$${i + 1}::${isArray ? 'text' : type}[]`);
  const given = `unnest(${list(arrays)}) with ordinality as given(${list(names)}, n)`;
  return keys.length === 0
    ? `insert into ${into(table)} select ${list(columns.map(cast))} from ${given}`
    : `insert into ${into(table)} ${lastOfEachKey(table, given, false)} ${onConflict(table)}`;
};

/** COPY cannot upsert, so rows are first copied into a temporary table, which each commit empties. */
export const makeStaging = (table: Table, staging: string): string => {
  const columns = table.columns.map(({ name }, i) => `${quoteColumn(name)} as ${place(i)}`);
  return `create temporary table if not exists ${quoteColumn(staging)} on commit delete rows as
    select 0::bigint as n, ${list(columns)} from ${quoteName(table.table)} with no data`;
};

export const intoStaging = ({ columns }: Table, staging: string): string =>
  `${quoteColumn(staging)} (n, ${list(columns.map((_, i) => place(i)))})`;

/** Empties the temporary table within a block; the commit does so only at the end of the block. */
export const emptyStaging = (staging: string): string => `truncate ${quoteColumn(staging)}`;

export const insertFromStaging = (table: Table, staging: string): string =>
  `insert into ${into(table)} ${lastOfEachKey(table, quoteColumn(staging), true)} ${onConflict(table)}`;
