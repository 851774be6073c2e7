import { fromEvent, merge, ReplaySubject, take } from 'rxjs';
import { whenUnread } from '../terminal/whenUnread.js';
import { main } from './main.js';

// A second signal ends the process immediately. That loses nothing, either.
const stop$ = new ReplaySubject<unknown>(1);
merge(fromEvent(process, 'SIGTERM'), fromEvent(process, 'SIGINT')).pipe(take(1)).subscribe(stop$);
whenUnread(process.stdout, () => stop$.next('its output is closed'));

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  stop$,
});
