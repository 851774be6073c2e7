import { concat, defer, forkJoin, ignoreElements, map, merge, type NextObserver, type Observable } from 'rxjs';
import {
  type BrokerSnapshot,
  deserialize,
  eventBroker,
  fanOut,
  type Notice,
  verifyChain,
  verifySequence,
} from 'rx-event-broker';
import { bufferFiles } from 'rx-event-broker/node';
import { blockOf, vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';
import type { MarketTotals } from '../market/index.js';
import type { Progress } from '../terminal/dashboard.js';
import { subscribeAudit } from './audit.js';
import { type Batcher, batcherStream } from './batcher.js';
import { type Chart, subscribeChart } from './chart.js';
import { type Ledger, subscribeLedger } from './ledger.js';
import { type Log, subscribeLog } from './log.js';

export interface DemoResult {
  readonly ledger: Ledger;
  readonly chart: Chart;
  readonly log: Log;
  readonly batcher: Batcher;
  readonly audited: MarketTotals;
  /** The last snapshots of the two brokers. */
  readonly market: BrokerSnapshot;
  readonly audit: BrokerSnapshot;
}

/**
 *     files ──► deserialize ──► verifyChain ──► verifySequence ──► fanOut ──┬──► market ──► ledger, chart, log, batcher
 *       ▲                                                                   └──► audit ──► counts everything
 *       └───────── pause$: the ledger is full, or a branch ◄────────────────┘
 */
export const replaySample = (options: {
  readonly directory: string;
  readonly chainId: string;
  readonly progress$: Observable<Progress>;
  readonly notices: NextObserver<Notice>;
}): { readonly snapshot: () => BrokerSnapshot; readonly result$: Observable<DemoResult> } => {
  const { directory, chainId, progress$, notices } = options;
  const branches = fanOut<VegaEvent>(
    pause$ =>
      bufferFiles({ directory, blockOf, pause$, notices }).pipe(
        deserialize(vegaDecoder),
        verifyChain(chainId),
        verifySequence(),
      ),
    { expectedSubscribers: 2 },
  );

  const market = eventBroker<VegaEvent>({ unlisted: ['TxError'] });
  const ledger = subscribeLedger(market);
  const chart = subscribeChart(market);
  const log = subscribeLog(market, progress$);
  const { batcher, work$ } = batcherStream(market);

  const audit = eventBroker<VegaEvent>();
  const audited = subscribeAudit(audit);

  const replayed$ = merge(market.receive(branches), audit.receive(branches)).pipe(ignoreElements());
  // Nothing has waited for the chart. It draws its waiting points now.
  const drained$ = defer(() => forkJoin({ market: market.drain(), audit: audit.drain() }));
  const result$ = concat(replayed$, drained$).pipe(
    map(last => ({ ledger, chart, log, batcher, audited: audited(), ...last })),
  );
  return { snapshot: market.snapshot, result$: merge(work$.pipe(ignoreElements()), result$) };
};
