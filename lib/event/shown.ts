/** Values nested deeper than this are shown as `…`. */
const MAX_DEPTH = 3;
/** Entries of an array, an object, a Map or a Set that are shown. */
const MAX_ENTRIES = 10;
/** Characters of a value that are shown. */
const MAX_LENGTH = 100;

/**
 * Any value as text for an error message: at most 100 characters, three levels deep, on one line, with control characters
 * escaped. Never throws, even if the value's getters, `toString` or Proxy traps do.
 */
export const shown = (value: unknown): string => {
  try {
    return cut(spell(value, MAX_DEPTH));
  } catch {
    return 'a value that cannot be shown';
  }
};

/** A text on one line, truncated after 1000 characters; any other value as `shown`. Never throws. */
export const shownText = (value: unknown): string =>
  typeof value === 'string' ? escaped(cut(value, 1000)) : shown(value);

/** A thrown value as text: `TypeError: x is not a function`. Never throws. */
export const shownError = (error: unknown): string => {
  try {
    if (!isError(error)) return shown(error);
    const { name, message } = error as { readonly name: unknown; readonly message: unknown };
    const text = [name, message].filter(part => typeof part === 'string' && part !== '').join(': ');
    return cut(escaped(text === '' ? 'an error without a message' : text), 1000);
  } catch {
    return 'an error that cannot be shown';
  }
};

/**
 * Escapes the characters of `text` that move the cursor, start a line or change the writing direction, since text from
 * outside reaches logs and terminals.
 */
export const escaped = (text: string): string => text.replace(UNPRINTABLE, escape);

/** The same, but line feeds stay, for a message of several lines. */
export const escapedLines = (text: string): string => text.replace(UNPRINTABLE, c => (c === '\n' ? c : escape(c)));

/** Whether `value` is an error, of this realm or of another one. */
export const isError = (value: unknown): boolean =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

// C0, DEL and C1; line and paragraph separators; marks that change the writing direction
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escape = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const cut = (text: string, length = MAX_LENGTH): string => (text.length > length ? `${text.slice(0, length)}…` : text);

const quoted = (text: string): string => `"${escaped(cut(text).replace(/["\\]/g, '\\$&'))}"`;

const spell = (value: unknown, depth: number): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `${String(value)}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return `function ${escaped(value.name)}`.trim();
    case 'object':
      return value === null ? 'null' : attempt(() => spellObject(value, depth));
    default:
      return escaped(String(value));
  }
};

const spellObject = (value: object, depth: number): string => {
  if (isError(value)) return shownError(value);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind === 'Date') return attempt(() => Date.prototype.toISOString.call(value));
  if (ArrayBuffer.isView(value) || kind.endsWith('ArrayBuffer'))
    return `${escaped(kind)} of ${(value as ArrayBuffer).byteLength} bytes`;
  if (kind === 'Promise') return 'a Promise';
  if (depth === 0) return '…';
  if (Array.isArray(value))
    return `[${list(value.slice(0, MAX_ENTRIES), value.length, part => spell(part, depth - 1))}]`;
  if (value instanceof Map || value instanceof Set) return `${kind} of ${value.size}`;
  const keys = Object.keys(value);
  const entry = (key: string): string =>
    `${quoted(key)}:${attempt(() => spell((value as Record<string, unknown>)[key], depth - 1))}`;
  return `{${list(keys.slice(0, MAX_ENTRIES), keys.length, entry)}}`;
};

const list = <T>(first: readonly T[], length: number, words: (part: T) => string): string =>
  [...Array.from(first, words), ...(length > first.length ? [`… ${length - first.length} more`] : [])].join(',');

const attempt = (words: () => string): string => {
  try {
    return words();
  } catch {
    return '…';
  }
};
