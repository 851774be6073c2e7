/** Rows in the text format of COPY: a tab between values, a line feed after each row, `\N` for null. */
export const copyText = (rows: readonly (readonly (string | null)[])[]): string =>
  rows.map(row => `${row.map(escaped).join('\t')}\n`).join('');

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const escaped = (value: string | null): string => {
  if (value === null) return '\\N';
  return /[\\\t\n\r]/.test(value) ? value.replaceAll(/[\\\t\n\r]/g, found => ESCAPES[found]!) : value;
};
