import { describe, expect, test } from '@jest/globals';
import { finalize, lastValueFrom, Subject, take, toArray, type Subscription } from 'rxjs';
import { backpressure, eventBroker, fromPull, ofType, type Pausable } from 'rx-event-broker';
import { a, b, type Tick } from './ticks.js';

/** Runs `body`, and returns the errors of Promises that were not handled during it. */
const unhandledIn = async (body: () => void): Promise<unknown[]> => {
  const seen: unknown[] = [];
  const listen = (error: unknown): void => {
    seen.push(error);
  };
  process.on('unhandledRejection', listen);
  body();
  await new Promise(resolve => setImmediate(resolve));
  await new Promise(resolve => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  return seen;
};

describe('inside a delivery', () => {
  test('B10m a Promise that is rejected after its subscriber has unsubscribed itself crashes nothing', async () => {
    const unhandled = await unhandledIn(() => {
      const broker = eventBroker<Tick>();
      const subscription = broker.subscribe({
        required: true,
        next: async () => {
          subscription.unsubscribe();
          throw new Error('left');
        },
      });
      broker.send(a(1));
    });
    expect(unhandled).toEqual([]);
  });

  test('B10 nor one of a stream’s project, or of backpressure’s', async () => {
    const unhandled = await unhandledIn(() => {
      const leave = async (left: { unsubscribe(): void }): Promise<never> => {
        left.unsubscribe();
        throw new Error('left');
      };
      const broker = eventBroker<Tick>();
      const stream: Subscription = broker.stream({ required: true, project: () => leave(stream) }).subscribe();
      broker.send(a(1));
      const source$ = new Subject<number>();
      const worked: Subscription = source$
        .pipe(backpressure({ required: true, project: () => leave(worked) }))
        .subscribe();
      source$.next(1);
    });
    expect(unhandled).toEqual([]);
  });

  test('B10m nor does one of a later delivery, from the mailbox', async () => {
    const first$ = new Subject<void>();
    const unhandled = await unhandledIn(() => {
      const broker = eventBroker<Tick>();
      const subscription = broker.subscribe({
        required: true,
        next: ({ n }) => {
          if (n === 1) return first$;
          subscription.unsubscribe();
          return Promise.reject(new Error('left'));
        },
      });
      broker.send(a(1));
      broker.send(a(2));
      first$.complete();
    });
    expect(unhandled).toEqual([]);
  });

  test('B10m nor does one that is rejected after its handler raised a level that closed the broker', async () => {
    const unhandled = await unhandledIn(() => {
      const broker = eventBroker<Tick>();
      broker.saturated$.subscribe(full => {
        if (full) broker.close();
      });
      broker.subscribe({ required: true, highWaterMark: 1, next: () => Promise.reject(new Error('left')) });
      broker.send(a(1));
    });
    expect(unhandled).toEqual([]);
  });

  test('B10 at the Failed notice of a synchronous delivery, the snapshot counts it once', () => {
    const broker = eventBroker<Tick>();
    const seen: unknown[] = [];
    broker.notices$.pipe(ofType('Failed')).subscribe(() => {
      seen.push(...broker.snapshot().subscribers);
    });
    broker.subscribe({
      required: true,
      onFailure: 'continue',
      next: () => {
        throw new Error('no');
      },
    });
    broker.send(a(1));
    expect(seen).toMatchObject([{ offered: 1, delivered: 0, failed: 1, pending: 0 }]);
  });

  test('B1h an event of a batch whose only subscriber has left is unrouted', () => {
    const broker = eventBroker<Tick>();
    const subscription = broker.subscribe({
      required: true,
      next: () => {
        subscription.unsubscribe();
      },
    });
    broker.sendBatch([a(1), a(2), b(3)]);
    expect(broker.snapshot()).toMatchObject({ sent: 3, unrouted: 2 });
  });

  test('B12a a source that is received from inside a delivery is paused, too', async () => {
    const broker = eventBroker<Tick>({ maxPending: 8 });
    const seen: number[] = [];
    let run: Promise<unknown> | undefined;
    const source: Pausable<Tick> = pause$ => fromPull(() => Array.from({ length: 50 }, (_, n) => b(n)), { pause$ });
    broker.subscribe({
      required: true,
      types: ['A'],
      next: () => {
        run = lastValueFrom(broker.receive(source).pipe(toArray()));
      },
    });
    broker.subscribe({ required: true, types: ['B'], next: event => void seen.push(event.n) });
    broker.send(a(0));
    await run;
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test('B12a and so is one that resumes when a delivery of another event clears the backlog', () => {
    const broker = eventBroker<Tick>({ maxPending: 8 });
    const work: Subject<void>[] = [];
    let most = 0;
    broker.subscribe({
      required: true,
      types: ['B'],
      highWaterMark: 2,
      next: () => {
        const done$ = new Subject<void>();
        work.push(done$);
        return done$;
      },
    });
    broker.subscribe({
      required: true,
      types: ['A'],
      next: () => {
        for (const done$ of work.splice(0)) done$.complete();
      },
    });
    const errors: unknown[] = [];
    let done = false;
    broker
      .receive(pause$ => fromPull(() => Array.from({ length: 50 }, (_, n) => b(n)), { pause$ }))
      .subscribe({ error: error => errors.push(error), complete: () => (done = true) });
    for (let i = 0; i < 200 && !done; i++) {
      most = Math.max(most, broker.snapshot().subscribers[0]?.pending ?? 0);
      broker.send(a(i));
    }
    expect(errors).toEqual([]);
    expect(done).toBe(true);
    expect(most).toBe(2);
  });

  test('B6c events that had not begun when missed closed its own subscriber are dropped, not failed', () => {
    const broker = eventBroker<Tick>();
    const work$ = new Subject<void>();
    const began: number[] = [];
    const closed: unknown[] = [];
    broker.notices$.pipe(ofType('Closed')).subscribe(notice => closed.push(notice));
    const subscription = broker.subscribe({
      required: false,
      capacity: 1,
      overflow: 'dropOldest',
      missed: () => subscription.unsubscribe(),
      next: ({ n }) => {
        began.push(n);
        return work$;
      },
    });
    for (const n of [1, 2, 3]) broker.send(a(n));
    work$.complete();
    expect(began).toEqual([1]);
    expect(closed).toMatchObject([{ tally: { offered: 3, delivered: 1, dropped: 2, failed: 0 }, unfinished: [] }]);
  });

  test('B9b all observers of notices see one order', () => {
    const broker = eventBroker<Tick>();
    const seen: string[][] = [[], []];
    for (const list of seen) {
      broker.notices$.subscribe(notice => {
        list.push(notice.type);
        if (notice.type === 'Failed') broker.unsubscribe(1);
      });
    }
    broker.subscribe({
      required: false,
      next: () => {
        throw new Error('no');
      },
    });
    broker.send(a(1));
    expect(seen[0]).toEqual(['Subscribed', 'Failed', 'Closed']);
    expect(seen[1]).toEqual(seen[0]);
  });
});

test('B1 a delivery begins after the work of the previous one has been torn down', () => {
  const broker = eventBroker<Tick>();
  const log: string[] = [];
  const work$ = new Subject<void>();
  broker.subscribe({
    required: true,
    next: ({ n }) => {
      log.push(`begin ${n}`);
      return work$.pipe(
        take(1),
        finalize(() => log.push(`end ${n}`)),
      );
    },
  });
  broker.send(a(1));
  broker.send(a(2));
  work$.next();
  broker.close();
  expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
});
