import type { RecordedSettings } from '../../inspect/InspectRecord.js';

/** What went wrong: events were dropped because they did not fit, nothing made progress, or a delivery failed. */
export type Symptom = 'gap' | 'stall' | 'failure';

/** A subscriber of a recording, and how it is served. */
export interface IncidentSubscriber {
  readonly key: number;
  /** Its name; unique in the incident. */
  readonly name: string;
  readonly required: boolean;
  readonly settings: RecordedSettings;
  /** Its `hold$`: `t` and `f` at their times. */
  readonly holds: readonly { readonly at: number; readonly letter: 't' | 'f' }[];
}

/** An event of a recording. */
export interface IncidentEvent {
  /** When it was sent, in ms after the first. */
  readonly at: number;
  readonly type: string;
  readonly key: string | undefined;
  /** Marbles of the work on it, by the name of the subscriber. `''`: done within the call. */
  readonly work: Readonly<Record<string, string>>;
}

/** What is to be seen again, and with whom. */
export interface Incident {
  readonly broker: string;
  readonly symptom: Symptom;
  /** Whom it happened to. */
  readonly who: string;
  /** What the record says. */
  readonly reason: string | undefined;
  readonly subscribers: readonly IncidentSubscriber[];
  readonly events: readonly IncidentEvent[];
}
