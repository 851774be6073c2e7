// A required ledger and an optional chart get the same trades. The chart needs five times as long for each.
// Look at the last lines: the ledger has every trade. The chart knows what it missed, and slowed nothing down.
// Trades were made only as fast as the ledger could save them.
import { concat, defer, ignoreElements, tap, timer } from 'rxjs';
import { eventBroker, fromPull } from 'rx-event-broker';

type Trade = { readonly type: 'Trade'; readonly nr: number };

/** In ms. */
const saveTime = 2;
const drawTime = 10;

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<Trade>();
  const saved: number[] = [];
  let mostWaiting = 0;

  broker.subscribe({
    name: 'ledger',
    required: true,
    highWaterMark: 4,
    next: ({ nr }) => timer(saveTime).pipe(tap(() => saved.push(nr))),
  });
  broker.subscribe({
    name: 'chart',
    required: false,
    capacity: 2,
    overflow: 'dropOldest',
    missed: ({ count, first, last }) => print(`chart: missed ${count}, from ${first.nr} to ${last.nr}`),
    next: ({ nr }) => {
      print(`chart: trade ${nr}`);
      return timer(drawTime);
    },
  });

  function* trades(): Iterable<Trade> {
    for (let nr = 1; nr <= 40; nr++) {
      mostWaiting = Math.max(mostWaiting, nr - saved.length);
      yield { type: 'Trade', nr };
    }
  }

  const received$ = broker.receive(pause$ => fromPull(trades, { pause$ }));
  await concat(
    received$.pipe(ignoreElements()),
    defer(() => broker.drain()),
  ).forEach(({ subscribers }) => {
    for (const { name, offered, delivered, dropped } of subscribers) {
      print(`${name}: ${delivered} of ${offered} delivered, ${dropped} dropped`);
    }
  });
  const inOrder = saved.every((nr, i) => nr === i + 1);
  print(`the ledger's order: ${inOrder ? 'kept' : 'BROKEN'}; at most ${mostWaiting} waited for it`);
};
