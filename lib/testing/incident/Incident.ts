import type { RecordedSettings } from '../../inspect/InspectRecord.js';

/** What went wrong. `gap`: a full buffer dropped events. `stall`: no progress. `failure`: a delivery failed. */
export type Symptom = 'gap' | 'stall' | 'failure';

/** A subscriber of a recording, with its recorded options. */
export interface IncidentSubscriber {
  readonly key: number;
  /** The name, unique in the incident. */
  readonly name: string;
  readonly required: boolean;
  readonly settings: RecordedSettings;
  /** The changes of `hold$`: `t` for true, `f` for false. */
  readonly holds: readonly { readonly at: number; readonly letter: 't' | 'f' }[];
}

/** An event of a recording. */
export interface IncidentEvent {
  /** When the event was sent, in ms after the first event. */
  readonly at: number;
  readonly type: string;
  readonly key: string | undefined;
  /** Marbles of the work on the event, by the name of the subscriber. `''`: the work ends within the call. */
  readonly work: Readonly<Record<string, string>>;
}

/** The incident that a test must reproduce. */
export interface Incident {
  readonly broker: string;
  readonly symptom: Symptom;
  /** The name of the affected subscriber. */
  readonly who: string;
  /** The reason in the record. */
  readonly reason: string | undefined;
  readonly subscribers: readonly IncidentSubscriber[];
  readonly events: readonly IncidentEvent[];
}
