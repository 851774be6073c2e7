// A live dashboard: a simulated market in browser tabs, over Server-Sent Events. A required ledger gets every trade. A slow tab
// gets the latest price of each market, is notified of what it missed, and slows nothing else down.
// Look at the timeline in the page: each tab is a lane, the slow one has gaps, and the ledger has none.
import { concat, defer, ignoreElements, type Observable, of, switchMap, toArray } from 'rxjs';
import { eventBroker, type EventBroker, fromPull, ofType, replay } from 'rx-event-broker';
import { serveTimeline } from 'rx-event-broker/devtools';
import type { VegaEvent } from 'rx-event-broker/vega';
import { marketRun, type MarketRun } from '../market/index.js';
import { client } from './client.js';
import { subscribeLedger } from './ledger.js';
import { symbols } from './prices.js';
import { serve } from './serve.js';
import { verdictOf, type Verdict } from './verdict.js';

export interface DashboardOptions {
  /** The address of the page. */
  readonly folder: string;
  readonly seed: number;
  readonly blocks: number;
  readonly everyMs: number;
  /** Ends the market after the block. */
  readonly signal: AbortSignal;
  /** Clients in this process, in addition to the browser tabs, as the query of their address: `tab=1`, `tab=2&slow`. */
  readonly clients: readonly string[];
}

/** The dashboard is ready. */
export interface Opened {
  readonly url: string;
  readonly broker: EventBroker<VegaEvent>;
}

/** The market, one block every `everyMs` ms. */
async function* paced({ events }: MarketRun, everyMs: number, signal: AbortSignal): AsyncGenerator<VegaEvent> {
  for (const event of events) {
    yield event;
    if (event.type !== 'EndBlock') continue;
    if (signal.aborted) return;
    await new Promise(done => setTimeout(done, everyMs));
  }
}

/** Emits the address of the dashboard, and the verdict at the end of the market. Unsubscribing closes the server. */
export const main = (options: DashboardOptions): Observable<Opened | Verdict> => {
  const { folder, seed, blocks, everyMs, signal, clients } = options;
  const symbolOf = symbols();
  const broker = eventBroker<VegaEvent>({ replay: replay({ events: 100, keepLatestBy: symbolOf }) });
  const ledger = subscribeLedger(broker);
  const run = marketRun({ seed, blocks });

  const closed = new Promise<Parameters<typeof verdictOf>[0]['closed']>(found =>
    broker.notices$.pipe(ofType('Closed'), toArray()).subscribe(found),
  );
  const market$ = broker.receive(pause$ => fromPull(() => paced(run, everyMs, signal), { pause$ }));
  const end$ = (url: string): Observable<Opened | Verdict> => {
    const counts = Promise.all(clients.map(query => client(`${url}prices?${query}`)));
    return concat(
      of({ url, broker }),
      market$.pipe(ignoreElements()),
      defer(() => broker.drain()).pipe(ignoreElements()),
      defer(async () =>
        verdictOf({
          closed: await closed,
          clients: await counts,
          saved: ledger.trades,
          trades: run.totals().byType['Trade'] ?? 0,
        }),
      ),
    );
  };
  return serveTimeline(broker, { title: 'The dashboard', keyOf: symbolOf }).pipe(
    switchMap(timeline => serve(broker, { folder, timeline, symbolOf })),
    switchMap(end$),
  );
};
