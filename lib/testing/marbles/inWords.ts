import { escaped, shown } from '../../event/shown.js';
import { className, type Difference } from './firstDifference.js';

/** Longer texts are truncated. The path of the first difference is shown separately. */
const LONGEST = 240;
const DEEPEST = 6;

/** A value on one line, as JSON. Values that JSON loses (`undefined`, `NaN`, `12n`, errors, maps) get readable text. */
export const inWords = (value: unknown): string => {
  const words = spelled(value);
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
};

/** Both sides of a difference. */
export const sidesInWords = ({ expected, actual, missing }: Difference): string =>
  `expected ${missing === 'expected' ? 'nothing' : inWords(expected)}, found ${missing === 'actual' ? 'nothing' : inWords(actual)}`;

/** Falls back to `shown` if the value throws when it is inspected. */
const spelled = (value: unknown): string => {
  try {
    return escaped(spell(value, []));
  } catch {
    return shown(value);
  }
};

const spell = (value: unknown, above: readonly object[]): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${String(value)}n`;
    case 'function':
      return `[function ${value.name}]`;
    case 'object':
      return value === null ? 'null' : spellObject(value, above);
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
};

const spellObject = (value: object, above: readonly object[]): string => {
  if (above.includes(value)) return '[cycle]';
  if (above.length === DEEPEST) return '…';
  const inside = (part: unknown): string => spell(part, [...above, value]);
  const list = (parts: readonly unknown[]): string => `[${parts.map(inside).join(',')}]`;

  if (isStream(value)) return `stream [${value.map(m => `${m.frame}ms ${happened(m, inside)}`).join(', ')}]`;
  if (Array.isArray(value)) return list(value);
  if (ArrayBuffer.isView(value)) return `${className(value)} ${list([...(value as Uint8Array)])}`;
  switch (Object.prototype.toString.call(value)) {
    case '[object Error]':
      return [spellError(value as Error), properties(value, inside, ['name'])].filter(part => part !== '{}').join(' ');
    case '[object Date]':
      return `Date ${Number.isNaN(Number(value)) ? 'invalid' : (value as Date).toISOString()}`;
    case '[object RegExp]':
      return (value as RegExp).toString();
    case '[object Set]':
      return `Set ${list([...(value as Set<unknown>)])}`;
    case '[object Map]':
      return `Map ${list([...(value as Map<unknown, unknown>)])}`;
    default:
      return (className(value) === 'Object' ? '' : `${className(value)} `) + properties(value, inside, []);
  }
};

const spellError = (error: Error): string => `${error.name}: ${error.message}`;

const properties = (value: object, inside: (part: unknown) => string, but: readonly string[]): string =>
  `{${Object.entries(value)
    .filter(([key]) => !but.includes(key))
    .map(([key, part]) => `${JSON.stringify(key)}:${inside(part)}`)
    .join(',')}}`;

interface Message {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

/** Whether a value is an inner stream, which RxJS records as a list of messages. */
const isStream = (value: object): value is readonly Message[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((part: Partial<Message> | null) => typeof part?.frame === 'number' && part.notification !== undefined);

const happened = ({ notification }: Message, inside: (part: unknown) => string): string => {
  if (notification.kind === 'C') return '|';
  return notification.kind === 'N' ? inside(notification.value) : `# ${inside(notification.error)}`;
};
