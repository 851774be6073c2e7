/** The prefix of each environment variable. */
export const PREFIX = 'RX_EVENT_BROKER_';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (u: unknown): u is Tree => typeof u === 'object' && u !== null && !Array.isArray(u);

/** The variable of a setting: `socketConfig.port` is `RX_EVENT_BROKER_SOCKET_CONFIG_PORT`. */
export const variableOf = (path: string): string =>
  PREFIX + path.replaceAll(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase();

/** All variables, each with the path of its setting and its default. */
export const variables = (defaults: Tree, parent = ''): ReadonlyMap<string, readonly [path: string, value: unknown]> =>
  new Map(
    Object.entries(defaults).flatMap(([key, value]) => {
      const path = parent === '' ? key : `${parent}.${key}`;
      return isTree(value) ? [...variables(value, path)] : [[variableOf(path), [path, value] as const]];
    }),
  );

/**
 * Converts a text to the type of the default: a number, a boolean or a text. A text that does not fit is left unchanged, so
 * that the codec reports it.
 */
export const valueLike = (like: unknown, text: string): unknown => {
  if (typeof like === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (typeof like === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  return text;
};

/** The same settings with one changed. A section that is not an object is left unchanged, so that the codec reports it. */
export const withValue = (settings: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown => {
  if (!isTree(settings)) return settings;
  return { ...settings, [key]: rest.length === 0 ? value : withValue(settings[key] ?? {}, rest, value) };
};
