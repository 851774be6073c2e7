// npm run bench -- churn [rounds]: what one subscriber costs among 1,000, 10,000 and 100,000 of one type: to come, to leave, to be
// skipped, to begin its first asynchronous delivery, to be closed with all others. And what it keeps in memory.
import { BehaviorSubject, NEVER, Observable, Subject, type Subscriber } from 'rxjs';
import { eventBroker, type BrokerSubscription } from '../../lib/index.js';

interface Tick {
  readonly type: 'Tick';
}
const tick: Tick = { type: 'Tick' };
const SIZES = [1_000, 10_000, 100_000];
const rounds = Number(process.argv[3] ?? 5);

const next = (): void => undefined;
const fill = (n: number, more: object = {}) => {
  const broker = eventBroker<Tick>();
  const subscriptions: BrokerSubscription[] = [];
  for (let i = 0; i < n; i++)
    subscriptions.push(broker.subscribe({ required: true, types: ['Tick'], stallAfter: Infinity, next, ...more }));
  return { broker, subscriptions };
};
const timed = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

const cases: Readonly<Record<string, (n: number) => number>> = {
  subscribe: n => timed(() => fill(n)),
  'unsubscribe, one after the other': n => {
    const { subscriptions } = fill(n);
    return timed(() => {
      for (const one of subscriptions) one.unsubscribe();
    });
  },
  'unsubscribe(...ids), a thousand a call': n => {
    const { broker, subscriptions } = fill(n);
    const ids = subscriptions.map(({ id }) => id);
    return timed(() => {
      for (let i = 0; i < n; i += 1000) broker.unsubscribe(...ids.slice(i, i + 1000));
    });
  },
  'leave and come among n': n => {
    const { broker, subscriptions } = fill(n);
    return timed(() => {
      for (const one of subscriptions) {
        one.unsubscribe();
        broker.subscribe({ required: true, types: ['Tick'], stallAfter: Infinity, next });
      }
    });
  },
  'a shared closed$': n => {
    const closed$ = new Subject<void>();
    fill(n, { closed$ });
    return timed(() => closed$.next());
  },
  'a shared skip$': n => {
    const skip$ = new BehaviorSubject(false);
    fill(n, { skip$ });
    return timed(() => skip$.next(true));
  },
  'the first asynchronous delivery': n => {
    const { broker } = fill(n, { next: () => NEVER });
    return timed(() => {
      broker.send(tick);
    });
  },
  'drain, deliveries ending one after the other': n => {
    const ends: Subscriber<never>[] = [];
    const { broker } = fill(n, { next: () => new Observable<never>(end => void ends.push(end)) });
    broker.send(tick);
    return timed(() => {
      broker.drain().subscribe();
      for (const end of ends) end.complete();
    });
  },
  close: n => {
    const { broker } = fill(n);
    return timed(() => broker.close());
  },
};

const microseconds = (ms: number, n: number): number => (ms * 1000) / n;
console.log(
  `microseconds a subscriber, the least of ${rounds} rounds, among ${SIZES.map(n => n.toLocaleString('en')).join(', ')}`,
);
const MOST = Math.max(...SIZES);
/** As many subscribers for every size: in many brokers, or in one. */
const round = (run: (n: number) => number, n: number): number => {
  globalThis.gc?.();
  let ms = 0;
  for (let done = 0; done < MOST; done += n) ms += run(n);
  return ms;
};
for (const [name, run] of Object.entries(cases)) {
  round(run, 1000);
  const costs = SIZES.map(n => microseconds(Math.min(...Array.from({ length: rounds }, () => round(run, n))), MOST));
  const apart = Math.max(...costs) / Math.min(...costs);
  console.log(
    `  ${name.padEnd(46)} ${costs.map(cost => cost.toFixed(2).padStart(8)).join('')}   ${apart.toFixed(1)} × apart`,
  );
}

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
for (const [name, more] of [
  ['synchronous', {}],
  ['with work in hand', { next: () => NEVER }],
] as const) {
  const bytes = SIZES.map(n => {
    const before = heap();
    const { broker } = fill(n, more);
    broker.send(tick);
    const each = (heap() - before) / n;
    broker.close();
    return each;
  });
  console.log(
    `  ${`bytes a subscriber, ${name}`.padEnd(46)} ${bytes.map(each => each.toFixed(0).padStart(8)).join('')}`,
  );
}
