import { checkedRecord } from '../../inspect/decodeRecord.js';
import type { InspectRecord } from '../../inspect/InspectRecord.js';
import { IncidentError } from './IncidentError.js';

/**
 * Checks that all values are records, and that the records of each broker are in order. If several recordings are in one file, each
 * begins with `opened`. Throws `DecodeError` or `IncidentError`, which give the number of the record, from 1.
 */
export const inOrder = (records: readonly unknown[]): readonly InspectRecord[] => {
  const last = new Map<string, number>();
  return Array.from(records, (value, i) => {
    const checked = checkedRecord(value, `record ${i + 1}`);
    if (checked._tag === 'Left') throw checked.left;
    const { n, kind, broker } = checked.right;
    const before = last.get(broker) ?? 0;
    if (n <= before && kind !== 'opened')
      throw new IncidentError(
        `record ${i + 1}: number ${n} of ${broker} comes after number ${before}. Pass the records of one recording in their order`,
      );
    last.set(broker, n);
    return checked.right;
  });
};
