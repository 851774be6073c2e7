/** The first difference between two values. */
export interface Difference {
  /** Where the values differ, such as `.payload.n` or `[2]`. Empty if the values themselves differ. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** The side that has no value at `path`. */
  readonly missing?: 'expected' | 'actual';
}

type List = ArrayLike<unknown>;
type Pairs = readonly (readonly [object, object])[];

/**
 * Returns the first difference of two values, or `undefined` if they are equal in every part.
 *
 * The comparison is strict: an absent property differs from an `undefined` one, `0` from `-0`, and objects of different classes
 * differ. Classes are compared by name, because the realm of a test runner has its own `Array` and `Error`. Errors are compared by
 * name, message and own properties, without stacks and causes. Sets and maps are compared in order. Cycles are followed once.
 */
export const firstDifference = (expected: unknown, actual: unknown): Difference | undefined =>
  compare(expected, actual, '', []);

const compare = (expected: unknown, actual: unknown, path: string, above: Pairs): Difference | undefined => {
  if (Object.is(expected, actual)) return undefined;
  const here = { path, expected, actual };
  if (!isObject(expected) || !isObject(actual) || className(expected) !== className(actual)) return here;
  if (above.some(([e, a]) => e === expected && a === actual)) return undefined;
  const pairs: Pairs = [...above, [expected, actual]];

  if (isOpaque(expected)) return here;
  if (hasOneValue(expected)) return Object.is(oneValue(expected), oneValue(actual)) ? undefined : here;
  if (isSet(expected)) return compareLists([...expected], [...(actual as Set<unknown>)], path, pairs);
  if (isMap(expected)) return compareLists([...expected], [...(actual as Map<unknown, unknown>)], path, pairs);
  if (isList(expected)) return compareItems(expected, actual as List, path, pairs);
  return compareProperties(expected, actual, path, pairs);
};

const compareLists = (expected: unknown, actual: unknown, path: string, above: Pairs): Difference | undefined =>
  compare(expected, actual, `${path}.values`, above);

const compareItems = (expected: List, actual: List, path: string, above: Pairs): Difference | undefined => {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    const [e, a] = [expected[i], actual[i]];
    const at = { path: `${path}[${i}]`, expected: e, actual: a };
    if (i >= expected.length) return { ...at, missing: 'expected' };
    if (i >= actual.length) return { ...at, missing: 'actual' };
    const difference = Object.is(e, a) ? undefined : compare(e, a, `${path}[${i}]`, above);
    if (difference !== undefined) return difference;
  }
  return undefined;
};

const compareProperties = (expected: object, actual: object, path: string, above: Pairs): Difference | undefined => {
  for (const key of new Set([...keysOf(expected), ...keysOf(actual)])) {
    const [e, a] = [Reflect.get(expected, key) as unknown, Reflect.get(actual, key) as unknown];
    const at = path + step(expected, key);
    if (!Object.hasOwn(expected, key)) return { path: at, expected: e, actual: a, missing: 'expected' };
    if (!Object.hasOwn(actual, key)) return { path: at, expected: e, actual: a, missing: 'actual' };
    const difference = compare(e, a, at, above);
    if (difference !== undefined) return difference;
  }
  return undefined;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The name of a value's class, or `Object` if it has none. */
export const className = (value: object): string =>
  (Object.getPrototypeOf(value) as { constructor?: { name: string } } | null)?.constructor?.name ?? 'Object';

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);
const isList = (value: object): value is object & List =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && tagOf(value) !== 'DataView');
const isSet = (value: object): value is Set<unknown> => tagOf(value) === 'Set';
const isRegExp = (value: object): value is RegExp => tagOf(value) === 'RegExp';
const isMap = (value: object): value is Map<unknown, unknown> => tagOf(value) === 'Map';

/** Objects that cannot be inspected are equal only to themselves. */
const isOpaque = (value: object): boolean => ['Promise', 'WeakMap', 'WeakSet', 'WeakRef'].includes(tagOf(value));

const hasOneValue = (value: object): boolean =>
  ['Date', 'RegExp', 'Number', 'String', 'Boolean', 'BigInt', 'Symbol'].includes(tagOf(value));
const oneValue = (value: object): unknown => (isRegExp(value) ? value.toString() : value.valueOf());

/** The keys to compare. The `message` of an error is not enumerable, but is included. */
const keysOf = (value: object): readonly PropertyKey[] => {
  const own = Reflect.ownKeys(value).filter(key => Object.prototype.propertyIsEnumerable.call(value, key));
  return tagOf(value) === 'Error' ? ['message', ...own] : own;
};

const step = (holder: object, key: PropertyKey): string => {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`;
};
