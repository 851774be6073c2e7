import { fromEvent, interval, map, takeUntil } from 'rxjs';
import { main } from './main.js';

const price$ = interval(200).pipe(map(n => 100 + ((n * 7) % 10)));
await main(price$, import.meta.dirname)
  .pipe(takeUntil(fromEvent(process, 'SIGINT')))
  .forEach(url => console.log(`Open ${url} in a browser; Ctrl-C ends it.`));
