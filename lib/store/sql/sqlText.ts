import { isError } from '../../event/shown.js';
import { ColumnValueError } from './errors.js';
import { sqlDate } from './sqlDate.js';
import type { Column } from './tableColumns.js';

/** What decides how a value is written. */
export type Place = Pick<Column, 'name' | 'type' | 'isArray' | 'isJson' | 'delimiter'>;

/**
 * A value as the text that PostgreSQL reads for a column; null for null and undefined. The same for every driver and every way
 * of writing. Numbers, bigints and booleans by their digits and names, dates in ISO form, bytes in hex, an array (or an array
 * of numbers, such as a Float64Array) as one where the column is one; any other object as JSON. A string is text already, also
 * for a JSON column; so is an object that JSON shows as a string, such as a decimal or a URL, but for a JSON column.
 *
 * Throws `ColumnValueError` for what would be stored as something else: functions, symbols, invalid dates, halves of surrogate
 * pairs, and objects of which JSON does not show all, such as a Map, a Promise, or a NaN in an object.
 */
export const sqlText = (value: unknown, column: Place): string | null => {
  switch (typeof value) {
    case 'string':
      // UTF-8 cannot say half a character: another one would be stored in its place
      if ((value as MaybeWellFormed).isWellFormed?.() === false)
        throw refused(column, 'text without half a surrogate pair', value);
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : objectText(value, column);
    default:
      throw refused(column, 'a value that can be stored', value);
  }
};

/** Browsers have it since 2023. */
type MaybeWellFormed = string & { isWellFormed?(): boolean };

const refused = ({ name, type }: Place, expected: string, found: unknown, cause?: unknown): ColumnValueError =>
  new ColumnValueError(name, `${expected}, for the type ${type}`, found, cause);

const objectText = (value: object, column: Place): string | null => {
  const kind = Object.prototype.toString.call(value);
  if (kind === '[object Date]') {
    try {
      return sqlDate(value as Date);
    } catch (error) {
      throw refused(column, 'a valid date', value, error);
    }
  }
  if (Array.isArray(value)) return column.isArray ? nestedArray(value, column) : jsonText(value, column);
  if (isBytes(value)) return bytesText(value, column);
  const text = jsonText(value, column);
  if (column.isJson) return text;
  // one value in JSON's way of writing it
  if (text.startsWith('"')) return sqlText(JSON.parse(text), column);
  if (column.isArray || text === 'null') throw refused(column, column.isArray ? 'an array' : 'a value', value);
  return text;
};

const bytesText = (value: object, column: Place): string => {
  if (!column.isArray) {
    try {
      return `\\x${Array.from(bytesOf(value), byte => byte.toString(16).padStart(2, '0')).join('')}`;
    } catch (error) {
      throw refused(column, 'bytes that were not transferred away', value, error);
    }
  }
  if (column.type === 'bytea[]' || !(Symbol.iterator in value)) throw refused(column, 'an array', value);
  return arrayText([...(value as Uint8Array)], elementOf(column));
};

/** Throws for what JSON does not show, however deep it lies. */
const jsonText = (value: object, column: Place): string => {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value, shownWhole);
  } catch (error) {
    cause = error;
  }
  if (text === undefined) throw refused(column, 'an object that JSON can show', value, cause);
  return text;
};

/** Plain objects, arrays, and boxes of values: JSON shows all that they hold. */
const SHOWN: ReadonlySet<string> = new Set(['Object', 'Array', 'Arguments', 'Number', 'String', 'Boolean', 'BigInt']);

/** A Map, a Set, a Promise and the like are `{}` in JSON, NaN is `null`, bytes are an object, an error loses its message. */
function shownWhole(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const isLost =
    typeof value === 'number'
      ? !Number.isFinite(value)
      : value === null
        ? Object.prototype.toString.call(this[key]) === '[object Date]'
        : typeof value === 'object' && isHidden(value);
  if (isLost) throw new TypeError(`JSON does not show what ${key === '' ? 'it' : JSON.stringify(key)} holds`);
  return value;
}

const isHidden = (value: object): boolean => {
  if (isError(value) || isBytes(value)) return true;
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return !SHOWN.has(kind) && Object.keys(value).length === 0;
};

const elementOf = (column: Place): Place => ({ ...column, isArray: false });

/** PostgreSQL gives an array of arrays the type of an array: the inner braces are not quoted. */
const nestedArray = (values: readonly unknown[], column: Place): string =>
  values.some(Array.isArray)
    ? `{${values.map(value => sqlText(value, column) ?? 'null').join(column.delimiter)}}`
    : arrayText(values, elementOf(column));

/** The values as what PostgreSQL reads as an array of elements in `place`: text is quoted, whatever it holds. */
export const arrayText = (values: readonly unknown[], place: Place, delimiter = place.delimiter): string => {
  let text = '{';
  let separator = '';
  for (const value of values) {
    text += separator;
    text += elementText(value, place);
    separator = delimiter;
  }
  return `${text}}`;
};

const elementText = (value: unknown, place: Place): string => {
  const text = sqlText(value, place);
  if (text === null) return 'null';
  if (typeof value !== 'string' && typeof value !== 'object') return text;
  return `"${text.includes('"') || text.includes('\\') ? text.replaceAll(/["\\]/g, '\\$&') : text}"`;
};

/** Whether a value is bytes, of this realm or of another one: a buffer, a shared one, a DataView, any typed array. */
export const isBytes = (value: object): boolean => ArrayBuffer.isView(value) || BUFFERS.has(kindOf(value));

/** The bytes of a value that is bytes. Throws where they were transferred away. */
export const bytesOf = (value: object): Uint8Array =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value as ArrayBuffer);

const kindOf = (value: object): string => Object.prototype.toString.call(value);
const BUFFERS: ReadonlySet<string> = new Set(['[object ArrayBuffer]', '[object SharedArrayBuffer]']);
