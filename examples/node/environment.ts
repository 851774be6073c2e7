/** What each variable of the environment begins with. */
export const PREFIX = 'RX_EVENT_BROKER_';

type Tree = Readonly<Record<string, unknown>>;

const isTree = (u: unknown): u is Tree => typeof u === 'object' && u !== null && !Array.isArray(u);

/** The variable of a setting: `socketConfig.port` is `RX_EVENT_BROKER_SOCKET_CONFIG_PORT`. */
export const variableOf = (path: string): string =>
  PREFIX + path.replaceAll(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase();

/** The variables that there are, each with the path of its setting and its default. */
export const variables = (defaults: Tree, parent = ''): ReadonlyMap<string, readonly [path: string, value: unknown]> =>
  new Map(
    Object.entries(defaults).flatMap(([key, value]) => {
      const path = parent === '' ? key : `${parent}.${key}`;
      return isTree(value) ? [...variables(value, path)] : [[variableOf(path), [path, value] as const]];
    }),
  );

/**
 * A text as a value like the default: a number, `true` or `false`, or the text. One that is none of these stays what it is, so
 * that the codec says what is wrong with it.
 */
export const valueLike = (like: unknown, text: string): unknown => {
  if (typeof like === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (typeof like === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  return text;
};

/** The same settings but for one. Where a section is no object it is left: the codec says so. */
export const withValue = (settings: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown => {
  if (!isTree(settings)) return settings;
  return { ...settings, [key]: rest.length === 0 ? value : withValue(settings[key] ?? {}, rest, value) };
};
