import { compositeCount } from './compositeCount.js';

/** How many blocks are remembered: events of a block may still come when the next two have begun. */
const remembered = 3;

/** What numbering looks at. */
interface Sequenced {
  readonly type: string;
  readonly traceId: string;
  readonly payload: unknown;
}

/**
 * Numbers events as the core does: gives the `sequence` of each event that it is called with.
 *
 * ```
 *  event      BeginBlock  ExpiredOrders (2 ids)  CancelledOrders (none)  EndBlock
 *  sequence   1           2                      4                       4
 * ```
 * The first event of a trace id is 1; the next one is the previous event's number plus its composite count, which may be 0. The last
 * three trace ids are remembered, by when they came first; one that comes again after it was forgotten begins at 1 again.
 */
export const sequencer = (): ((event: Sequenced) => number) => {
  const nextOf = new Map<string, number>();
  return event => {
    const { traceId } = event;
    const sequence = nextOf.get(traceId) ?? 1;
    nextOf.set(traceId, sequence + compositeCount(event));
    if (nextOf.size > remembered) nextOf.delete(nextOf.keys().next().value!);
    return sequence;
  };
};
