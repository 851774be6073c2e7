import type { Row } from '../marbles/explainDifference.js';
import type { Message } from '../marbles/Message.js';
import { parseRow, valueOf, withLevels, type Values } from '../marbles/parseRow.js';
import type { Counts } from './countsOf.js';
import type { ProbeLog } from './ProbeLog.js';

/**
 * What became of a probe's events, a diagram for each fate. In the first four a marble is the event; in the last three
 * it is a number of events: a digit, or a letter that `values` names.
 */
export interface DeliveryMarbles {
  /** Its delivery began: again at each try. Not looked at where it is left out. */
  readonly began?: string;
  /** It was acknowledged. Not looked at where it is left out. */
  readonly done?: string;
  /** Its work failed. Left out: none did. */
  readonly failed?: string;
  /** Its work was unsubscribed before it was done. Left out: none was. */
  readonly cut?: string;
  /** The probe was told that it missed so many. Left out: it was told nothing. */
  readonly missed?: string;
  /** So many did not fit, or still waited at the end: needs the broker. Not looked at where it is left out. */
  readonly dropped?: string;
  /** So many came while `skip` was true: needs the broker. Not looked at where it is left out. */
  readonly skipped?: string;
}

const LABELS: readonly string[] = [
  'began',
  'done',
  'failed',
  'cut',
  'missed',
  'dropped',
  'skipped',
] satisfies (keyof DeliveryMarbles)[];

export const deliveryRows = (
  log: ProbeLog,
  marbles: DeliveryMarbles,
  values: Values | undefined,
  counts: Counts | undefined,
): (() => readonly Row[]) => {
  const row = (
    label: keyof DeliveryMarbles,
    read: (sign: string) => unknown,
    actual: () => readonly Message[],
    implied?: string,
  ): readonly (() => Row)[] => {
    const diagram = marbles[label] ?? implied;
    if (diagram === undefined) return [];
    const parsed = parseRow(diagram, read);
    return [() => ({ label, ...parsed, actual: actual() })];
  };
  const unknown = Object.keys(marbles).find(label => !LABELS.includes(label));
  if (unknown !== undefined)
    throw new TypeError(`expectDeliveries: expected some of ${LABELS.join(', ')}, found ${unknown}`);
  const { dropped = noBroker, skipped = noBroker } = counts ?? {};
  const rows = [
    ...row('began', valueOf(values), () => log.began),
    ...row('done', valueOf(values), () => log.done),
    ...row('failed', valueOf(values), () => log.failed, ''),
    ...row('cut', valueOf(values), () => log.cut, ''),
    ...row('missed', valueOf(withLevels(values)), () => log.missed, ''),
    ...row('dropped', valueOf(withLevels(values)), dropped),
    ...row('skipped', valueOf(withLevels(values)), skipped),
  ];
  return () => rows.map(make => make()).filter(r => r.expected.length > 0 || r.actual.length > 0);
};

const noBroker = (): never => {
  throw new TypeError(
    'expectDeliveries: dropped and skipped are counted by the broker: expected it as the second argument',
  );
};
