import { DecodeError } from '../event/DecodeError.js';
import { left, right, type Either } from '../event/Either.js';
import { shown } from '../event/shown.js';
import type { InspectRecord, RecordKind } from './InspectRecord.js';

const KINDS: Readonly<Record<RecordKind, true>> = {
  opened: true,
  stopped: true,
  subscribed: true,
  closed: true,
  offered: true,
  skipped: true,
  began: true,
  retrying: true,
  ended: true,
  failed: true,
  dropped: true,
  superseded: true,
  held: true,
  released: true,
  saturated: true,
  cleared: true,
  paused: true,
  resumed: true,
  stalled: true,
  lost: true,
};

/** The check of a field, with a description for errors. */
interface Field {
  readonly expected: string;
  readonly allows: (value: unknown) => boolean;
  readonly needed?: boolean;
  /** The fields of an object. */
  readonly fields?: Fields;
}
type Fields = Readonly<Record<string, Field>>;

const whole = (least: number): Field => ({
  expected: `a whole number, ${least} or more`,
  allows: value => Number.isSafeInteger(value) && (value as number) >= least,
});
const ms: Field = { expected: 'a number', allows: value => typeof value === 'number' };
const instant: Field = { expected: 'a number', allows: Number.isFinite };
const text: Field = { expected: 'a text', allows: value => typeof value === 'string' };
const flag: Field = { expected: 'true or false', allows: value => typeof value === 'boolean' };
const texts: Field = {
  expected: 'an array of texts',
  allows: value => Array.isArray(value) && value.every(part => typeof part === 'string'),
};
const object = (fields: Fields): Field => ({ expected: 'an object', allows: isObject, fields });
const always = (field: Field): Field => ({ ...field, needed: true });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const RECORD: Fields = {
  n: always(whole(1)),
  at: always(instant),
  kind: always({
    expected: `a kind of record (${Object.keys(KINDS).join(', ')})`,
    allows: value => typeof value === 'string' && Object.hasOwn(KINDS, value),
  }),
  broker: always(text),
  paused: always(flag),
  of: text,
  format: { expected: '1, the format that this version reads', allows: value => value === 1 },
  subscriber: object({
    id: always(whole(0)),
    key: always(whole(0)),
    name: always(text),
    required: always(flag),
  }),
  settings: object({
    types: texts,
    batches: flag,
    highWaterMark: whole(1),
    capacity: whole(0),
    overflow: text,
    stallAfter: ms,
    failAfter: ms,
    onFailure: text,
    concurrency: whole(1),
  }),
  event: whole(1),
  type: text,
  key: text,
  count: whole(1),
  attempt: whole(1),
  backlog: whole(0),
  reason: text,
};

/**
 * Decodes a record from a line of JSON. Returns a `DecodeError` if it is invalid, with the line, the field, what was expected and
 * what was found. Unknown fields are ignored, because a later version may add some.
 *
 * @param line - The text of the line, without the line break.
 * @param lineNr - The number of the line, for errors.
 * @example
 * ```ts
 * const record = decodeRecord(line, 3);
 * // line 3, at: expected a number, found "noon"
 * if (record._tag === 'Left') console.error(record.left.message);
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const decodeRecord = (line: string, lineNr: number): Either<DecodeError, InspectRecord> => {
  const where = `line ${lineNr}`;
  try {
    return checkedRecord(JSON.parse(line), where);
  } catch {
    return left(new DecodeError({ path: where, expected: 'a record as JSON', found: shown(line) }));
  }
};

/** Checks a value that should be a record. `where` names the value in the error. */
export const checkedRecord = (value: unknown, where: string): Either<DecodeError, InspectRecord> => {
  const problem = (path: string, expected: string, found: unknown): Either<DecodeError, never> =>
    left(new DecodeError({ path, expected, found: shown(found) }));
  if (!isObject(value)) return problem(where, 'a record as a JSON object', value);
  const record: Record<string, unknown> = {};
  const found = firstProblem(value, RECORD, '', record);
  return found === undefined
    ? right(record as unknown as InspectRecord)
    : problem(`${where}, ${found.path}`, found.expected, found.found);
};

interface Problem {
  readonly path: string;
  readonly expected: string;
  readonly found: unknown;
}

/** Copies the known fields to `copy`, up to the first invalid one. Returns the problem of that field. */
const firstProblem = (
  of: Readonly<Record<string, unknown>>,
  fields: Fields,
  within: string,
  copy: Record<string, unknown>,
): Problem | undefined => {
  for (const [name, { expected, allows, needed, fields: inner }] of Object.entries(fields)) {
    const value = Object.hasOwn(of, name) ? of[name] : undefined;
    if (value === undefined && needed !== true) continue;
    const path = within + name;
    if (!allows(value)) return { path, expected, found: value };
    if (inner === undefined) copy[name] = value;
    else {
      const problem = firstProblem(value as typeof of, inner, `${path}.`, (copy[name] = {}));
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
};
