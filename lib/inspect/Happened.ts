import type { InspectRecord, RecordedSubscriber } from './InspectRecord.js';

/** What has happened, as it is kept until it is handed over: its event is not looked at before that. */
export interface Happened extends Omit<
  InspectRecord,
  'n' | 'broker' | 'type' | 'key' | 'reason' | 'subscriber' | 'event'
> {
  readonly who?: RecordedSubscriber | undefined;
  readonly event?: number | undefined;
  /** The event in a box, if there is one: any value may be an event of an operator. */
  readonly about?: { readonly event: unknown } | undefined;
  /** In words, or the error. */
  readonly why?: string | { readonly error: unknown } | undefined;
}
