import { partitionOf } from 'rx-event-broker/nats';
import type { VegaEvent } from 'rx-event-broker/vega';

/** An event, and the partitions that get it. */
export interface Placed {
  readonly event: VegaEvent;
  readonly partition: number;
  /** Its number in the whole run. */
  readonly place: number;
}

/**
 * The begin and end of a block go to every partition, so that each has its own chain. Other events go to the partition of their
 * key: the market of a trade, the owner of an account, otherwise the market or nothing.
 *
 *     core   begin  trade m1  account o1  trade m2  end
 *     0      begin  trade m1                        end
 *     1      begin            account o1  trade m2  end
 */
export function* place(events: Iterable<VegaEvent>, partitions: number): Generator<Placed> {
  let next = 0;
  for (const event of events) {
    const isMark = event.type === 'BeginBlock' || event.type === 'EndBlock';
    const to = isMark ? Array.from({ length: partitions }, (_, n) => n) : [partitionOf(keyOf(event), partitions)];
    for (const partition of to) yield { event, partition, place: next++ };
  }
}

const keyOf = (event: VegaEvent): string => {
  if (event.type === 'Account') return event.payload.owner;
  return event.type === 'Trade' ? event.payload.marketId : event.type;
};
