import type { Check } from '../../flow/contract/options.js';

/** A name as a quoted SQL identifier. A dot separates schema and name: `app.orders` is `"app"."orders"`. */
export const quoteName = (name: string): string => name.split('.').map(quoteColumn).join('.');

/** As `quoteName`, for a name that may contain a dot, such as a column's. */
export const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const areNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(name => typeof name === 'string' && name !== '');

/** A list of unique names, which may be empty. */
export const names: Check = {
  expected: 'an array of names, each once',
  allows: value => areNames(value) && new Set(value).size === value.length,
};

export const someNames: Check = {
  expected: 'an array of one or more names, each once',
  allows: value => names.allows(value) && (value as readonly string[]).length > 0,
};

/** Unique to this copy of the library: a program may load it as ES module and as CommonJS, on one connection. */
const COPY = crypto.randomUUID().replaceAll('-', '').slice(0, 20);

const statementNames = new Map<string, string>();

/** A name for a prepared statement, unique per text on a connection. */
export const statementName = (text: string): string => {
  const known = statementNames.get(text) ?? `block_store_${COPY}_${statementNames.size + 1}`;
  statementNames.set(text, known);
  return known;
};

let tables = 0;

/** A name for a temporary table, unique on a connection. */
export const temporaryName = (): string => `block_store_rows_${COPY}_${++tables}`;
