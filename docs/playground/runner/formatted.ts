/** Values nested deeper than this are shown by their kind. */
const MAX_DEPTH = 3;
/** Entries that are shown. */
const MAX_ENTRIES = 50;
/** Characters of a line that are shown. */
const MAX_LENGTH = 2_000;

/** What `console.log` writes for these values, as Node.js writes it. Never throws. */
export const formatted = (values: readonly unknown[]): string => {
  const text = values.map(value => (typeof value === 'string' ? value : attempt(() => spell(value, 0)))).join(' ');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
};

const attempt = (words: () => string): string => {
  try {
    return words();
  } catch {
    return '…';
  }
};

const spell = (value: unknown, depth: number): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `${String(value)}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return value.name === '' ? '[Function (anonymous)]' : `[Function: ${value.name}]`;
    case 'object':
      return value === null ? 'null' : attempt(() => spellObject(value, depth));
    default:
      return String(value);
  }
};

const quoted = (text: string): string => {
  const shown = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return shown.includes("'") && !shown.includes('"') ? `"${shown}"` : `'${shown.replaceAll("'", "\\'")}'`;
};

const spellObject = (value: object, depth: number): string => {
  if (value instanceof Error)
    return depth === 0 ? (value.stack?.split('\n    at ')[0] ?? String(value)) : `[${String(value)}]`;
  if (value instanceof Date) return value.toISOString();
  const prefix = prefixOf(value);
  if (value instanceof Promise) return 'Promise';
  if (Array.isArray(value)) {
    if (depth > MAX_DEPTH - 1) return '[Array]';
    return `[${padded(value.map(part => spell(part, depth + 1)))}]`;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return `${prefix}(${(value as Uint8Array).length}) [${padded(Array.from(value as Uint8Array, String))}]`;
  }
  if (depth > MAX_DEPTH - 1) return `[${prefix || 'Object'}]`;
  if (value instanceof Set) return `Set(${value.size}) {${padded([...value].map(part => spell(part, depth + 1)))}}`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, of]) => `${spell(key, depth + 1)} => ${spell(of, depth + 1)}`);
    return `Map(${value.size}) {${padded(entries)}}`;
  }
  const entries = Object.keys(value).map(
    key => `${nameOf(key)}: ${attempt(() => spell((value as Record<string, unknown>)[key], depth + 1))}`,
  );
  return `${prefix === '' ? '' : `${prefix} `}{${padded(entries)}}`;
};

const nameOf = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key));

const prefixOf = (value: object): string => {
  const { constructor } = value as { readonly constructor?: { readonly name?: string } };
  if (Object.getPrototypeOf(value) === null) return '[Object: null prototype]';
  return constructor?.name === 'Object' ? '' : (constructor?.name ?? '');
};

const padded = (entries: readonly string[]): string => {
  if (entries.length === 0) return '';
  const more = entries.length - MAX_ENTRIES;
  return ` ${entries.slice(0, MAX_ENTRIES).join(', ')}${more > 0 ? `, ... ${more} more items` : ''} `;
};
