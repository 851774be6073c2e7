import type { InspectRecord, RecordedSubscriber } from './InspectRecord.js';

/** A record that waits for its hand-over. The fields of its event are read only then. */
export interface Happened extends Omit<
  InspectRecord,
  'n' | 'broker' | 'type' | 'key' | 'reason' | 'subscriber' | 'event'
> {
  readonly who?: RecordedSubscriber | undefined;
  readonly event?: number | undefined;
  /** The event, if there is one. It is wrapped, because `undefined` may be an event of an operator. */
  readonly about?: { readonly event: unknown } | undefined;
  /** The reason, in words or as an error. */
  readonly why?: string | { readonly error: unknown } | undefined;
}
