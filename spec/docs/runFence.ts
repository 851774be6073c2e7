import * as codecs from 'io-ts';
import * as rxjs from 'rxjs';
import { runMarbles, type DeliveryMarbles, type MarbleHelpers, type PausableCold } from 'rx-event-broker/testing';
import * as testing from 'rx-event-broker/testing';
import * as schemas from 'zod';
import * as library from 'rx-event-broker';

interface Row {
  readonly label: string;
  readonly marbles: string;
}

type ExpectedRow = Row & {
  readonly kind: 'delivery' | 'pauses' | 'subscriptions' | 'value';
  readonly name?: string;
  readonly fate?: keyof DeliveryMarbles;
};

type Scope = Readonly<Record<string, unknown>>;

/** A fence as marbles.mjs hands it over: rows, and its code as functions of what it may use. */
export interface Fence {
  /** Page and line. */
  readonly place: string;
  readonly given: readonly Row[];
  readonly expected: readonly ExpectedRow[];
  readonly values: (scope: Scope) => Scope;
  readonly program: (scope: Scope) => {
    readonly result: unknown;
    readonly broker: Parameters<MarbleHelpers['expectDeliveries']>[1];
    /** What expected rows look at, by their label. */
    readonly looks: Readonly<Record<string, () => unknown>>;
  };
}

/** A letter is itself, and a digit in an expected row is a number, unless the fence defines it. */
const letters = Object.fromEntries(
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(sign => [sign, sign]),
);
const digits = Object.fromEntries([...'0123456789'].map(sign => [sign, Number(sign)]));

/** Work that takes that many milliseconds of virtual time, and then emits its value. */
const takes =
  (ms: number) =>
  <T>(value: T): rxjs.Observable<T> =>
    rxjs.of(value).pipe(rxjs.delay(ms));

/** Runs a ```marbles fence of a page against the library; the error names page and line. */
export const runFence = (fence: Fence): void => {
  try {
    runMarbles(helpers => check(fence, helpers));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${fence.place}\n\n${message}`, { cause: error });
  }
};

/** Changes each character of the expected rows in turn. It fails if the test still passes: such a diagram could be wrong. */
export const everySignCounts = (fence: Fence): void => {
  const unnoticed = fence.expected.flatMap((row, index) =>
    // an open group at the end of a row is a closed one to RxJS
    [...row.marbles.matchAll(/[^\s)]/g)].flatMap(({ 0: sign, index: at }) => {
      const marbles = row.marbles.slice(0, at) + (sign === '-' ? 'z' : '-') + row.marbles.slice(at + 1);
      const expected = fence.expected.with(index, { ...row, marbles });
      return passes({ ...fence, expected }) ? [`${row.label}: ${marbles}`] : [];
    }),
  );
  if (unnoticed.length > 0) throw new Error(`${fence.place}\n\nNobody notices:\n${unnoticed.join('\n')}`);
};

const passes = (fence: Fence): boolean => {
  try {
    runFence(fence);
    return true;
  } catch {
    return false;
  }
};

const check = (fence: Fence, helpers: MarbleHelpers): void => {
  const basics = { ...rxjs, ...library, ...testing, t: codecs, z: schemas, takes };
  const own = fence.values(basics);
  const values = { ...letters, ...own };
  const expectedValues = { ...digits, ...values };
  const sources = Object.fromEntries<unknown>(
    fence.given.map(({ label, marbles }) => {
      if (label.endsWith('$')) return [label, helpers.level(marbles)];
      const name = label.replace(/\(pause\$\)$/, '');
      return [name, name === label ? helpers.cold(marbles, values) : helpers.pausableCold(marbles, values)];
    }),
  );
  const { result, broker, looks } = fence.program({ ...basics, ...helpers, ...sources });
  const look = (name: string): unknown => looks[name]?.();
  const deliveries = new Map<string, DeliveryMarbles>();

  for (const { label, marbles, kind, name = '', fate } of fence.expected) {
    if (kind === 'pauses') helpers.expectPauses(pausableIn(sources)).toBe(marbles);
    else if (kind === 'subscriptions') helpers.expectSubscriptions(look(label) as []).toBe(marbles);
    else if (fate !== undefined) deliveries.set(name, { ...deliveries.get(name), [fate]: marbles });
    else {
      const seen = look(label);
      if (rxjs.isObservable(seen)) helpers.expectObservable(named(seen)).toBe(marbles, expectedValues, own['#']);
      else helpers.expectValue(() => look(label)).toBe(marbles, expectedValues);
    }
  }
  for (const [name, marbles] of deliveries) {
    helpers
      .expectDeliveries(look(name) as Parameters<MarbleHelpers['expectDeliveries']>[0], broker)
      .toBe(marbles, values);
  }
  // streams without an expectation must still run, after the expected ones; an error must not be ignored
  const runs = rxjs.isObservable(result) && !fence.expected.some(({ label }) => label === 'result');
  if (runs) helpers.expectObservable(rxjs.concat(result.pipe(rxjs.ignoreElements()), rxjs.NEVER)).toBe('');
};

const pausableIn = (sources: Scope): PausableCold<unknown> => {
  const found = Object.values(sources).filter(source => typeof source === 'function');
  if (found.length !== 1) throw new Error('pause$: expected one source(pause$) among the given rows');
  return found[0] as PausableCold<unknown>;
};

/** Errors by their names: what a diagram can say of them. */
const named = (stream$: rxjs.Observable<unknown>): rxjs.Observable<unknown> =>
  stream$.pipe(
    rxjs.catchError((error: unknown) => rxjs.throwError(() => (error instanceof Error ? error.name : error))),
  );
