import { All } from '../event/All.js';
import { DEFAULT_CAPACITY, DEFAULT_HIGH_WATER_MARK } from '../flow/contract/Delivery.js';
import type { Seen } from '../flow/contract/FlowTap.js';
import { MAX_LENGTH, type RecordedSettings } from './InspectRecord.js';

/** The options of a delivery that are recorded. A strategy is an object. */
type Given = { readonly [K in 'highWaterMark' | 'capacity' | 'failAfter']?: RecordedSettings[K] } & {
  readonly onFailure?: string | object;
  readonly overflow?: string | { readonly strategy: string };
  readonly lanes?: { readonly concurrency: number };
};

/** The options of a consumer as JSON, with the default bound, and without functions and infinite values. */
export const settingsOf = (
  seen: Pick<Seen<unknown, unknown>, 'required' | 'delivery' | 'types' | 'stallAfter' | 'takesBatches'>,
): RecordedSettings => {
  const { required, types = [], stallAfter, takesBatches } = seen;
  const {
    highWaterMark = DEFAULT_HIGH_WATER_MARK,
    capacity = DEFAULT_CAPACITY,
    overflow,
    failAfter,
    onFailure,
    lanes,
  } = seen.delivery as Given;
  const failing = onFailure === undefined || typeof onFailure === 'string' ? onFailure : 'continue';
  const settings = {
    types: types.length === 0 || types.includes(All) ? undefined : types.map(type => String(type).slice(0, MAX_LENGTH)),
    batches: takesBatches === true ? true : undefined,
    // a parking takes failed events, so its consumer continues
    ...(required ? { highWaterMark, onFailure: failing, concurrency: lanes?.concurrency } : { capacity }),
    overflow: typeof overflow === 'object' ? overflow.strategy : overflow,
    stallAfter,
    failAfter,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== Infinity));
};
