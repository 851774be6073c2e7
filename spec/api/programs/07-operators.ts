// 7. Plain operators, no broker.
import { fromEvent, map, merge, Subject, takeUntil } from 'rxjs';
import { ajax } from 'rxjs/ajax';
import { backpressure, ofType, pausable, type Notice } from 'rx-event-broker';

type Order = { readonly type: 'Order'; readonly id: string };
type Quote = { readonly type: 'Quote'; readonly bid: number; readonly ask: number };

declare const source: Subject<Order | Quote>;
declare const dialogOpen$: Subject<boolean>;
const stop$ = fromEvent(window, 'pagehide');
const notices = new Subject<Notice>();

const accepted$ = source.pipe(
  ofType('Order'),
  takeUntil(stop$), // before: what was accepted is still done
  backpressure({
    required: true,
    maxPending: 1_000,
    project: order => ajax.post<{ fee: number }>(`/orders/${order.id}`),
  }),
  map(reply => reply.response.fee),
);

const spread$ = source.pipe(
  ofType('Quote'),
  pausable({ hold$: dialogOpen$, capacity: 1, overflow: 'dropOldest' }),
  backpressure({
    required: false,
    capacity: 1,
    overflow: 'dropOldest',
    notices,
    project: quote => draw(quote.ask - quote.bid),
  }),
  takeUntil(stop$), // after: what waits is dropped
);

merge(accepted$, spread$).subscribe();
notices.pipe(ofType('Dropped')).subscribe(n => console.log(n.count, n.reason));

declare function draw(spread: number): Promise<void>;
