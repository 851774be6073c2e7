import { isError } from '../../event/shown.js';
import { ColumnValueError } from './errors.js';
import { sqlDate } from './sqlDate.js';
import type { Column } from './tableColumns.js';

/** The part of a column that decides how a value is written. */
export type Place = Pick<Column, 'name' | 'type' | 'isArray' | 'isJson' | 'delimiter'>;

/**
 * A value as the text that PostgreSQL reads for a column; null for null and undefined. It does not depend on the driver.
 *
 * - Numbers, bigints, booleans: as they print. Dates: ISO. Bytes: hex.
 * - Arrays and typed arrays: an array if the column is one, otherwise JSON. Other objects: JSON.
 * - Strings: as they are, also for a JSON column.
 * - Objects whose JSON is a string, such as a decimal or a URL: that string, unless the column is JSON.
 *
 * Throws `ColumnValueError` for a value that would be stored as something else: a function, a symbol, an invalid date, a
 * lone surrogate, or an object that JSON does not show completely, such as a Map, a Promise, or an object with a NaN.
 */
export const sqlText = (value: unknown, column: Place): string | null => {
  switch (typeof value) {
    case 'string':
      // UTF-8 cannot encode a lone surrogate: another character would be stored.
      if ((value as MaybeWellFormed).isWellFormed?.() === false)
        throw refused(column, 'text without a lone surrogate', value);
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
  // a single value as JSON
  if (text.startsWith('"')) return sqlText(JSON.parse(text), column);
  if (column.isArray || text === 'null') throw refused(column, column.isArray ? 'an array' : 'a value', value);
  return text;
};

const bytesText = (value: object, column: Place): string => {
  if (!column.isArray) {
    try {
      return `\\x${Array.from(bytesOf(value), byte => byte.toString(16).padStart(2, '0')).join('')}`;
    } catch (error) {
      throw refused(column, 'bytes whose buffer was not transferred', value, error);
    }
  }
  if (column.type === 'bytea[]' || !(Symbol.iterator in value)) throw refused(column, 'an array', value);
  return arrayText([...(value as Uint8Array)], elementOf(column));
};

/** Throws if JSON does not show all of the value, at any depth. */
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

/** Kinds of objects that JSON shows completely. */
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

/** In PostgreSQL an array of arrays has the type of an array, so the inner braces are not quoted. */
const nestedArray = (values: readonly unknown[], column: Place): string =>
  values.some(Array.isArray)
    ? `{${values.map(value => sqlText(value, column) ?? 'null').join(column.delimiter)}}`
    : arrayText(values, elementOf(column));

/** The values as a PostgreSQL array with elements of the type of `place`. Text is always quoted. */
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

/** Whether a value is bytes, of any realm: an ArrayBuffer, a SharedArrayBuffer, a DataView or a typed array. */
export const isBytes = (value: object): boolean => ArrayBuffer.isView(value) || BUFFERS.has(kindOf(value));

/** The bytes of a value for which `isBytes` is true. Throws if its buffer was transferred. */
export const bytesOf = (value: object): Uint8Array =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value as ArrayBuffer);

const kindOf = (value: object): string => Object.prototype.toString.call(value);
const BUFFERS: ReadonlySet<string> = new Set(['[object ArrayBuffer]', '[object SharedArrayBuffer]']);
