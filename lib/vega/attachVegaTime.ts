import { none, type Option, some } from 'fp-ts/lib/Option.js';
import { defer, map, type OperatorFunction } from 'rxjs';
import type { BusEvent } from '../event/BusEvent.js';
import type { Order } from './payloads/orders.js';
import { toMicrosecond } from './toMicrosecond.js';
import type { VegaEvent } from './VegaEvent.js';

/**
 * An order event with the time of the last `TimeUpdate`.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export interface OrderEventWithVegaTime extends BusEvent<'Order', Order> {
  /** The time in Unix ns, truncated to the microsecond; `none` before the first `TimeUpdate`. */
  readonly vegaTime: Option<bigint>;
}

/** An event of the chain; an order event has its time attached. */
type WithVegaTime = Exclude<VegaEvent, { type: 'Order' }> | OrderEventWithVegaTime;

/** Copies a lazy event to a plain object, which can be spread: a lazy event has getters instead of own properties. */
const withTime = (event: BusEvent<'Order', Order>, vegaTime: Option<bigint>): OrderEventWithVegaTime => ({
  type: event.type,
  blockNr: event.blockNr,
  sequence: event.sequence,
  traceId: event.traceId,
  chainId: event.chainId,
  txHash: event.txHash,
  compositeCount: event.compositeCount,
  payload: event.payload,
  vegaTime,
});

/**
 * Attaches the time of the last `TimeUpdate` to each order event (promise B13); other events pass unchanged.
 *
 * ```
 *  source   ──o──t──o──t──o──|      o: Order   t: TimeUpdate
 *  result   ──o──t──o──t──o──|
 *  vegaTime   none  t1    t2
 * ```
 * Put it before the broker or a fan-out: it must see the time updates as well as the orders. The time is kept per
 * subscription.
 *
 * @example
 * ```ts
 * broker
 *   .receive((pause$, settlement) =>
 *     source(pause$, settlement).pipe(attachVegaTime()),
 *   )
 *   .subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const attachVegaTime = (): OperatorFunction<VegaEvent, WithVegaTime> => source =>
  defer(() => {
    let vegaTime: Option<bigint> = none;
    return source.pipe(
      map(event => {
        if (event.type === 'TimeUpdate') vegaTime = some(toMicrosecond(event.payload.timestamp));
        return event.type === 'Order' ? withTime(event, vegaTime) : event;
      }),
    );
  });
