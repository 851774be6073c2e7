export { decodeRecord } from './inspect/decodeRecord.js';
export type {
  Inspected,
  InspectRecord,
  RecordedSettings,
  RecordedSubscriber,
  RecordKind,
} from './inspect/InspectRecord.js';
export { inspect, type InspectOptions } from './inspect/inspect.js';
export { inspector, type InspectorOptions } from './inspect/inspector.js';
export type { RecordObserver } from './inspect/Recorder.js';
export type { Inspector } from './flow/contract/Inspector.js';
