import { fromEvent, takeUntil } from 'rxjs';
import { main } from './main.js';

await main(10, 'bank', 2000)
  .pipe(takeUntil(fromEvent(process, 'SIGINT')))
  .forEach(url => console.log(`Open ${url} in a browser; Ctrl-C ends it.`));
