// npm run example -- dashboard         until Ctrl-C
// npm run example -- dashboard 40      40 blocks to two clients of its own, one of them slow
import { takeWhile } from 'rxjs';
import { main } from './main.js';

const [, , , given] = process.argv;
const ending = new AbortController();
process.once('SIGINT', () => ending.abort());
await main({
  folder: import.meta.dirname,
  seed: 1,
  blocks: given === undefined ? Infinity : Number(given),
  everyMs: 50,
  signal: ending.signal,
  clients: given === undefined ? [] : ['tab=1', 'tab=2&slow'],
})
  .pipe(takeWhile(found => 'url' in found, true))
  .forEach(found => {
    if ('url' in found) console.log(`Open ${found.url} in some tabs; Ctrl-C ends it.`);
    else {
      console.log(found.lines.join('\n'));
      process.exitCode = found.isKept ? 0 : 1;
    }
  });
