import { fromEvent, ignoreElements, interval, merge, switchMap, takeUntil, tap } from 'rxjs';
import { linesOf, main, priceAt, priceBroker, slowClient } from './main.js';

const broker = priceBroker();
const prices$ = interval(20).pipe(tap(id => broker.send(priceAt(id))));
const lines$ = interval(2000).pipe(tap(() => console.log(linesOf(broker).join('\n'))));
await main(broker, import.meta.dirname)
  .pipe(
    tap(url => console.log(`Open ${url} in some tabs; Ctrl-C ends it.`)),
    switchMap(url => merge(prices$, lines$, slowClient(url)).pipe(ignoreElements())),
    takeUntil(fromEvent(process, 'SIGINT')),
  )
  .forEach(() => undefined);
