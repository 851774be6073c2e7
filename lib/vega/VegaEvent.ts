import type { BusEvent } from '../event/BusEvent.js';
import type { VegaType } from './eventTypes.js';
import type { VegaPayload } from './payloadCodecs.js';

/**
 * An event of a stream: a union by `type`. A type without a codec here has its payload as bytes (promise E3).
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type VegaEvent = { [T in VegaType]: BusEvent<T, VegaPayload<T>> }[VegaType];
