import { none, type Option, some } from 'fp-ts/lib/Option.js';
import { defer, map, type OperatorFunction } from 'rxjs';
import type { BusEvent } from '../event/BusEvent.js';
import type { Order } from './payloads/Order.js';
import { toMicrosecond } from './toMicrosecond.js';
import type { VegaEvent } from './VegaEvent.js';

/** An order event with the time of its block: the last `TimeUpdate`, in Unix ns, cut to the microsecond; none before the first. */
export interface OrderEventWithVegaTime extends BusEvent<'Order', Order> {
  readonly vegaTime: Option<bigint>;
}

type WithVegaTime = Exclude<VegaEvent, { type: 'Order' }> | OrderEventWithVegaTime;

/** A plain object, which can be spread: the lazy event's own getters are not its own properties. */
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
 * Attaches the last `TimeUpdate` to each order event (promise B13); all other events go through as they are.
 *
 * ```
 *  source   ──o──t──o──t──o──|      o: Order   t: TimeUpdate
 *  result   ──o──t──o──t──o──|
 *  vegaTime   none  t1    t2
 * ```
 * Put it before the broker or a fan-out: it must see the time updates as well as the orders. The time is kept for each subscription.
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
