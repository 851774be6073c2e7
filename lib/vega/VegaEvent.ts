import type { BusEvent } from '../event/BusEvent.js';
import type { VegaType } from './eventTypes.js';
import type { VegaPayload } from './payloadCodecs.js';

/**
 * An event of a stream: a union by `type`. The payload of a type without a codec here is bytes (promise E3).
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type VegaEvent = { [T in VegaType]: BusEvent<T, VegaPayload<T>> }[VegaType];
