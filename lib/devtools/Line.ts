import type { InspectRecord } from '../inspect/InspectRecord.js';

/** A record as a line of JSON, numbered in the order of arrival. */
export interface Line {
  readonly nr: number;
  readonly record: InspectRecord;
  readonly text: string;
}
