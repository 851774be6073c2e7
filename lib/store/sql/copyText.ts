import { sqlText } from './sqlText.js';

/** Rows in the text format of COPY: a tab between values, a line feed after each row, `\N` for null. */
export const copyText = (rows: readonly (readonly unknown[])[], types: readonly string[]): string => {
  let text = '';
  for (const row of rows) {
    for (let i = 0; i < types.length; i++) {
      if (i > 0) text += '\t';
      text += fieldText(row[i], types[i]!);
    }
    text += '\n';
  }
  return text;
};

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const fieldText = (value: unknown, type: string): string => {
  const text = sqlText(value, type);
  if (text === null) return '\\N';
  if (typeof value !== 'string' && typeof value !== 'object') return text;
  return /[\\\t\n\r]/.test(text) ? text.replaceAll(/[\\\t\n\r]/g, found => ESCAPES[found]!) : text;
};
