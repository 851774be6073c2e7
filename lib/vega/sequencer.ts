import { compositeCount } from './compositeCount.js';

/** The number of blocks that are remembered: events of a block may still arrive after the next two have begun. */
const REMEMBERED = 3;

/** The part of an event that its number depends on. */
interface Sequenced {
  /** The type of the event. */
  readonly type: string;
  /** The hash of its block. */
  readonly traceId: string;
  /** The payload of the event. */
  readonly payload: unknown;
}

/**
 * Creates a function that numbers events as the core does: it returns the `sequence` of each event that it is called
 * with.
 *
 * ```
 *  event      BeginBlock  ExpiredOrders (2 ids)  CancelledOrders (none)  EndBlock
 *  sequence   1           2                      4                       4
 * ```
 * The first event of a trace id gets 1. Each later one gets the previous number plus the previous event's composite count,
 * which may be 0. The last three trace ids are remembered. A trace id that was forgotten starts at 1 again.
 *
 * @example
 * ```ts
 * const sequenceOf = sequencer();
 * events.map(event => ({ ...event, sequence: sequenceOf(event) }));
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const sequencer = (): ((event: Sequenced) => number) => {
  const nextOf = new Map<string, number>();
  return event => {
    const { traceId } = event;
    const sequence = nextOf.get(traceId) ?? 1;
    nextOf.set(traceId, sequence + compositeCount(event));
    if (nextOf.size > REMEMBERED) nextOf.delete(nextOf.keys().next().value!);
    return sequence;
  };
};
