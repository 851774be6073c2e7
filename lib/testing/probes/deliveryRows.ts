import type { DiagramRow } from '../marbles/explainDifference.js';
import type { TestMessage } from '../marbles/TestMessage.js';
import { parseRow, valueOf, withLevels, type Values } from '../marbles/parseRow.js';
import type { Counts } from './countsOf.js';
import type { ProbeLog } from './ProbeLog.js';

/**
 * The outcomes of a probe's events, one diagram per outcome. In the first four diagrams a marble is an event. In the last three
 * it is a number of events: a digit, or a letter whose value is in `values`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export interface DeliveryMarbles {
  /** When tries of deliveries began. Default: not checked. */
  readonly began?: string;
  /** When deliveries finished. Default: not checked. */
  readonly done?: string;
  /** When tries of deliveries failed. Default: none may fail. */
  readonly failed?: string;
  /** When deliveries were unsubscribed before they finished. Default: none may be. */
  readonly cut?: string;
  /** How many events `missed` reported, and when. Default: none may be missed. */
  readonly missed?: string;
  /** How many events were dropped, and when. Requires the broker. Default: not checked. */
  readonly dropped?: string;
  /** How many events were skipped, and when. Requires the broker. Default: not checked. */
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
): (() => readonly DiagramRow[]) => {
  const row = (
    label: keyof DeliveryMarbles,
    read: (sign: string) => unknown,
    actual: () => readonly TestMessage[],
    implied?: string,
  ): readonly (() => DiagramRow)[] => {
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
    'expectDeliveries: dropped and skipped are counted by the broker; pass the broker as the second argument',
  );
};
