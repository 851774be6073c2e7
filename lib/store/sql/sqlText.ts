/**
 * A value as the text that PostgreSQL reads for a column of `type`; null for null, undefined and what is no data. The same for every
 * driver and every way of writing. Numbers, bigints and booleans by their digits and names, dates in ISO form, bytes in hex,
 * an array as one where the column is one; any other object as JSON. A string is text already, also for a JSON column.
 */
export const sqlText = (value: unknown, type: string): string | null => {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? null : objectText(value, type);
    default:
      return null;
  }
};

const objectText = (value: object, type: string): string => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array)
    return `\\x${Array.from(value, byte => byte.toString(16).padStart(2, '0')).join('')}`;
  if (Array.isArray(value) && type.endsWith('[]')) return nestedArray(value, type);
  return JSON.stringify(value);
};

/** PostgreSQL gives an array of arrays the type of an array: the inner braces are not quoted. */
const nestedArray = (values: readonly unknown[], type: string): string =>
  values.some(Array.isArray)
    ? `{${values.map(value => sqlText(value, type)).join(',')}}`
    : arrayText(values, type.slice(0, -2));

/** The values as what PostgreSQL reads as an array of `type`: text is quoted, whatever it holds. */
export const arrayText = (values: readonly unknown[], type: string): string => {
  let text = '{';
  let separator = '';
  for (const value of values) {
    text += separator;
    text += elementText(value, type);
    separator = ',';
  }
  return `${text}}`;
};

const elementText = (value: unknown, type: string): string => {
  const text = sqlText(value, type);
  if (text === null) return 'null';
  if (typeof value !== 'string' && typeof value !== 'object') return text;
  return `"${text.includes('"') || text.includes('\\') ? text.replaceAll(/["\\]/g, '\\$&') : text}"`;
};
