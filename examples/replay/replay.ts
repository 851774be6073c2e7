import { concat, defer, EMPTY, finalize, ignoreElements, map, merge, NEVER, type Observable, tap, timer } from 'rxjs';
import { deserialize, eventBroker, type EventBroker, fanOut, verifyChain, verifySequence } from 'rx-event-broker';
import { bufferFiles } from 'rx-event-broker/node';
import { vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';
import type { OpenDatabase } from '../store/openDatabase.js';
import { storeMarket } from '../store/storeMarket.js';
import type { Bookmark } from './bookmark.js';
import { census, type Census } from './census.js';
import type { ReplayOptions } from './readOptions.js';
import { resultOf, type ReplayResult } from './resultOf.js';

/** How many events may wait for the slow subscriber. At the end, the replay waits until they are delivered. */
const capacity = 100;

export interface Replay {
  readonly broker: EventBroker<VegaEvent>;
  readonly census: Census;
  /** Cold; the result, once everything is delivered. */
  readonly result$: Observable<ReplayResult>;
}

/**
 *     files ──► deserialize ──► verifyChain ──► verifySequence ──► fanOut ──┬──► broker ──► required, optional
 *       ▲                                                                   ├──► census
 *       │                                                                   └──► a database, if one is given
 *       └── pause$
 */
export const replay = (
  options: ReplayOptions,
  { blockOf, notices, records, turn }: Bookmark,
  database?: OpenDatabase,
): Replay => {
  const { directory, chainId, types, slow, timeBetweenBlocks } = options;
  const branches = fanOut<VegaEvent>(
    pause$ =>
      bufferFiles({ directory, timeBetweenBlocks, blockOf, pause$, notices }).pipe(
        turn,
        deserialize(vegaDecoder),
        verifyChain(chainId),
        verifySequence(),
      ),
    { expectedSubscribers: database === undefined ? 2 : 3 },
  );

  const broker = eventBroker<VegaEvent>({ unlisted: ['TxError'] });
  const received = { required: 0, optional: 0 };
  broker.subscribe({
    name: 'required',
    required: true,
    types,
    next: () => {
      received.required++;
    },
  });
  if (slow !== undefined) {
    broker.subscribe({
      name: 'optional',
      required: false,
      types,
      capacity,
      next: () => {
        received.optional++;
        return timer(slow);
      },
    });
  }

  const counted = census();
  const counted$ = branches(NEVER).pipe(tap(event => counted.count(event)));
  const stored$ = database === undefined ? EMPTY : storeMarket(branches, database, { chainId });
  const replayed$ = merge(broker.receive(branches), counted$, stored$).pipe(ignoreElements());
  const drained$ = defer(() => broker.drain()); // first finishes the events that wait for the slow subscriber
  return {
    broker,
    census: counted,
    result$: concat(replayed$, drained$).pipe(
      map(last => resultOf(records(), chainId, counted, last, received)),
      finalize(() => broker.close()), // after an error, do not wait for the slow subscriber
    ),
  };
};
