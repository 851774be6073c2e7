import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import { NEVER, of, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import { backpressure, eventBroker, type Signal } from 'rx-event-broker';

interface A {
  readonly type: 'A';
  readonly n: number;
}
const a = (n: number): A => ({ type: 'A', n });

/** A subscriber that keeps the signals that it gets. */
const signalled = (
  work: (n: number, tries: number) => unknown,
  more: object = {},
  scheduler = new VirtualTimeScheduler(),
) => {
  const signals: Signal[] = [];
  const broker = eventBroker<A>({ scheduler });
  broker.notices$.subscribe();
  const subscription = broker.subscribe({
    required: true,
    onFailure: 'continue',
    stallAfter: Infinity,
    ...more,
    abortable: true,
    next: (event: A, signal: Signal) => {
      signals.push(signal);
      return work(event.n, signals.length) as Promise<unknown>;
    },
  });
  return { broker, subscription, signals, scheduler, aborted: () => signals.map(({ aborted }) => aborted) };
};

describe('B15m abortable', () => {
  test('each try gets its own signal, which is not aborted when the try ends by itself', () => {
    const { broker, aborted } = signalled(
      (_, tries) => (tries === 1 ? throwError(() => 'no') : tries === 2 ? undefined : of(1)),
      { retry: 1 },
    );
    broker.send(a(1));
    broker.send(a(2));
    broker.close();
    expect(aborted()).toEqual([false, false, false]);
  });

  test('failAfter aborts it, with the error as its reason, and the next try has a new one', () => {
    const { broker, signals, aborted, scheduler } = signalled(() => new Promise(() => undefined), {
      failAfter: 5,
      retry: 1,
    });
    broker.send(a(1));
    scheduler.maxFrames = 7;
    scheduler.flush();
    expect([aborted(), signals[0]?.reason]).toMatchObject([[true, false], { name: 'DeliveryTimeoutError' }]);
    scheduler.maxFrames = 20;
    scheduler.flush();
    expect(aborted()).toEqual([true, true]);
  });

  test.each<[string, (of: ReturnType<typeof signalled>) => void]>([
    ['close', ({ broker }) => broker.close()],
    ['unsubscribe', ({ subscription }) => subscription.unsubscribe()],
  ])('%s aborts that of the delivery in flight, and no other', (_, leave) => {
    const all = signalled(n => (n === 1 ? undefined : NEVER));
    all.broker.send(a(1));
    all.broker.send(a(2));
    expect(all.aborted()).toEqual([false, false]);
    leave(all);
    expect(all.aborted()).toEqual([false, true]);
  });

  test('a close from inside its own call aborts immediately', () => {
    const seen: boolean[] = [];
    const all = signalled((_, tries) => {
      all.subscription.unsubscribe();
      seen.push(all.signals[tries - 1]!.aborted);
      return undefined;
    });
    all.broker.send(a(1));
    expect(seen).toEqual([true]);
  });

  test('a close while it waits for the next try aborts nothing: that try has ended', () => {
    const { broker, aborted } = signalled(() => throwError(() => 'no'), { retry: { count: 1, delay: 10 } });
    broker.send(a(1));
    broker.close();
    expect(aborted()).toEqual([false]);
  });

  test('nextBatch and project get it, too; without abortable there is only the event', () => {
    const calls: unknown[][] = [];
    const broker = eventBroker<A>();
    const batch = (...args: unknown[]) => void calls.push(['batch', args.length]);
    const next = (...args: unknown[]) => void calls.push(['next', args.length]);
    const project = (...args: unknown[]) => of(calls.push(['project', args.length, args[1] instanceof AbortSignal]));
    broker.subscribe({ required: true, abortable: true, nextBatch: batch });
    broker.subscribe({ required: true, nextBatch: batch });
    broker.subscribe({ required: true, hold$: of(false), next });
    broker.stream({ required: true, abortable: true, project }).subscribe();
    broker.send(a(1));
    of(1)
      .pipe(backpressure({ required: true, abortable: true, project }))
      .subscribe();
    of(1)
      .pipe(backpressure({ required: true, project }))
      .subscribe();
    expect(calls).toEqual([
      ['batch', 2],
      ['batch', 1],
      ['next', 1],
      ['project', 2, true],
      ['project', 2, true],
      ['project', 1, false],
    ]);
  });

  test('a listener may close the broker: the delivery is counted once', () => {
    const work$ = new Subject();
    const all = signalled(() => work$, { failAfter: 5 });
    all.broker.send(a(1));
    all.signals[0]!.addEventListener('abort', () => all.broker.close());
    all.scheduler.flush();
    expect(all.broker.snapshot().subscribers).toMatchObject([{ offered: 1, failed: 1, pending: 0 }]);
  });
});
