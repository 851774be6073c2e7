// Twenty subscribers, and one of them is stuck: its handler waits for an answer that never comes. The source is paused, so no
// subscriber gets anything any more. Open the printed address: the page shows which one is stuck, since when, and who waits for it.
import { ignoreElements, interval, merge, type Observable } from 'rxjs';
import { eventBroker, fromPush } from 'rx-event-broker';
import { serveTimeline } from 'rx-event-broker/devtools';

type Trade = { readonly type: 'Trade'; readonly id: number; readonly symbol: string };

const NAMES =
  'ledger chart audit mailer index risk candles bank metrics webhook archive ticker positions margin orders fees cash rewards alerts log';

const wait = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** Trades every `everyMs` until the subscription ends. Emits the address of the page. `stuck` hangs in the handler of trade 100. */
export const main = (everyMs: number, stuck: string, stallAfter: number): Observable<string> => {
  const broker = eventBroker<Trade>();
  NAMES.split(' ').forEach((name, i) => {
    broker.subscribe({
      name,
      // every third one is optional: it slows no other down, and drops what it cannot take
      ...(i % 3 === 1 && name !== stuck ? { required: false, capacity: 8 } : { required: true, highWaterMark: 64 }),
      stallAfter,
      next: ({ id }) => (name === stuck && id === 100 ? new Promise<void>(() => undefined) : wait(i % 5)),
    });
  });
  const trades = fromPush<Trade>(
    push => {
      const ticks = interval(everyMs).subscribe(id => push({ type: 'Trade', id, symbol: 'RX' }));
      return () => ticks.unsubscribe();
    },
    { capacity: 1000, overflow: 'dropOldest' },
  );
  return merge(
    serveTimeline(broker, { title: 'A program with twenty subscribers', keyOf: ({ symbol }) => symbol }),
    broker.receive(trades).pipe(ignoreElements()),
  );
};
