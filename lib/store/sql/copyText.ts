import { sqlText, type Place } from './sqlText.js';

/**
 * Rows in the text format of COPY: a tab between values, a line feed after each row, `\N` for null. If `numbered`, each
 * row begins with its number.
 */
export const copyText = (
  rows: readonly (readonly unknown[])[],
  columns: readonly Place[],
  numbered = false,
): string => {
  let text = '';
  let number = 0;
  for (const row of rows) {
    if (numbered) text += `${number++}\t`;
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) text += '\t';
      text += fieldText(row[i], columns[i]!);
    }
    text += '\n';
  }
  return text;
};

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const fieldText = (value: unknown, column: Place): string => {
  const text = sqlText(value, column);
  if (text === null) return '\\N';
  if (typeof value !== 'string' && typeof value !== 'object') return text;
  return /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, found => ESCAPES[found]!) : text;
};
