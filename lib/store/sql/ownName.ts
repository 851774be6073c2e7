/** Of this copy of the library alone: a program may hold an ES module and a CommonJS one, on one connection. */
const COPY = crypto.randomUUID().replaceAll('-', '').slice(0, 20);

const names = new Map<string, string>();

/** A name for a prepared statement that no other text has on a connection, whoever else prepares on it. */
export const statementName = (text: string): string => {
  const known = names.get(text) ?? `block_store_${COPY}_${String(names.size + 1)}`;
  names.set(text, known);
  return known;
};

let tables = 0;

/** A name for a temporary table that nobody else has on a connection. */
export const temporaryName = (): string => `block_store_rows_${COPY}_${String(++tables)}`;
