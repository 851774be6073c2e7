export { decodeRecord } from './inspect/decodeRecord.js';
export type {
  Inspected,
  InspectRecord,
  RecordedSettings,
  RecordedSubscriber,
  RecordKind,
} from './inspect/InspectRecord.js';
