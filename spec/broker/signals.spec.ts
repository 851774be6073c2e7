import { describe, expect, jest, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { firstValueFrom, NEVER, of, Subject, take, toArray } from 'rxjs';
import { backpressure, eventBroker, fromPull, ofType, OptionError, type Settlement } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { a, b, type Tick } from './ticks.js';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('a subscriber with a signal', () => {
  test('B6a I1a aborting the signal closes it, as a value of closed$ does', () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const seen: number[] = [];
    const notices: unknown[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    const subscription = broker.subscribe({
      required: false,
      signal: controller.signal,
      next: ({ n }) => {
        seen.push(n);
        return NEVER;
      },
    });
    broker.send(a(1));
    broker.send(a(2));
    controller.abort();
    expect(subscription.closed).toBe(true);
    broker.send(a(3));
    expect(seen).toEqual([1]);
    expect(notices).toMatchObject([
      { type: 'Subscribed' },
      { type: 'Dropped', reason: 'closed', count: 1, first: a(2) },
      { type: 'Closed', tally: { offered: 2, failed: 1, dropped: 1 }, unfinished: [a(1)] },
    ]);
  });

  test('I1a with drainOnClose it first finishes the accepted events', () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const work$ = [new Subject<void>(), new Subject<void>()];
    const seen: number[] = [];
    broker.subscribe({
      required: true,
      drainOnClose: true,
      signal: controller.signal,
      next: ({ n }) => {
        seen.push(n);
        return work$[n - 1];
      },
    });
    broker.send(a(1));
    broker.send(a(2));
    controller.abort();
    broker.send(a(3));
    work$[0]!.complete();
    expect(seen).toEqual([1, 2]);
  });

  test('I1b a signal that is already aborted closes it immediately', () => {
    const broker = eventBroker<Tick>();
    const notices: string[] = [];
    broker.notices$.subscribe(({ type }) => notices.push(type));
    const subscription = broker.subscribe({ required: true, signal: AbortSignal.abort(), next: () => {} });
    expect([subscription.closed, notices, broker.snapshot().subscribers]).toEqual([true, ['Subscribed', 'Closed'], []]);
  });

  test('I1b one that subscribes while the abort closes the others is closed, too', () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const { signal } = controller;
    const late: boolean[] = [];
    broker.notices$.pipe(ofType('Closed'), take(1)).subscribe(() => {
      late.push(broker.subscribe({ required: true, signal, next: () => {} }).closed);
    });
    broker.subscribe({ required: true, signal, next: () => {} });
    broker.subscribe({ required: true, signal, next: () => {} });
    controller.abort();
    expect([late, broker.snapshot().subscribers]).toEqual([[true], []]);
  });

  test.each(['signal', 'closed$'] as const)('I1c of a signal and a closed$ the first one closes it: %s', first => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const closed$ = new Subject<void>();
    const subscription = broker.subscribe({ required: true, signal: controller.signal, closed$, next: () => {} });
    expect(subscription.closed).toBe(false);
    if (first === 'signal') controller.abort();
    else closed$.next();
    expect([subscription.closed, listeners(controller.signal), closed$.observed]).toEqual([true, 0, false]);
  });

  test('I1d it leaves no listener on a signal that is not aborted', () => {
    const { signal } = new AbortController();
    const broker = eventBroker<Tick>();
    const closed$ = new Subject<void>();
    const ways: ((subscription: { unsubscribe: () => void; id: number }) => void)[] = [
      subscription => subscription.unsubscribe(),
      ({ id }) => broker.unsubscribe(id),
      () => closed$.next(),
      () => broker.close(),
    ];
    for (const close of ways) {
      const subscription = broker.subscribe({ required: true, signal, closed$, next: () => {} });
      expect(listeners(signal)).toBe(1);
      close(subscription);
      expect(listeners(signal)).toBe(0);
    }
  });

  test('I1d a thousand subscribers of one signal share one listener, and there is no warning', async () => {
    const warned = jest.fn();
    process.on('warning', warned);
    const controller = new AbortController();
    const { signal } = controller;
    const broker = eventBroker<Tick>();
    const subscriptions = Array.from({ length: 1000 }, () =>
      broker.subscribe({ required: true, signal, next: () => {} }),
    );
    expect(listeners(signal)).toBe(1);
    for (const subscription of subscriptions.slice(1)) subscription.unsubscribe();
    expect(listeners(signal)).toBe(1);
    subscriptions[0]!.unsubscribe();
    expect(listeners(signal)).toBe(0);
    const others = Array.from({ length: 1000 }, () => broker.subscribe({ required: true, signal, next: () => {} }));
    controller.abort();
    expect([broker.snapshot().subscribers, others.every(({ closed }) => closed)]).toEqual([[], true]);
    await new Promise(resolve => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  test('I1a a stream completes', () => {
    const broker = eventBroker<Tick>();
    const controller = new AbortController();
    const seen: unknown[] = [];
    broker
      .stream({ required: false, signal: controller.signal })
      .subscribe({ next: ({ n }) => seen.push(n), complete: () => seen.push('complete') });
    broker.send(a(1));
    controller.abort();
    broker.send(a(2));
    expect(seen).toEqual([1, 'complete']);
  });

  test('I1e a value that is not a signal is an OptionError, before anything is registered', () => {
    const broker = eventBroker<Tick>();
    for (const signal of [{}, 5, new AbortController(), { aborted: true }]) {
      const wrong = { required: true, signal: signal as AbortSignal, next: () => {} } as const;
      expect(() => broker.subscribe(wrong)).toThrow(OptionError);
      expect(() => backpressure({ required: true, signal: signal as AbortSignal, project: () => of(1) })).toThrow(
        'signal: expected an AbortSignal',
      );
    }
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});

describe('backpressure with a signal', () => {
  test('I1f aborting it unsubscribes from the source, drops waiting values, and completes', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const controller = new AbortController();
      const source$ = cold('ab-c-----d|');
      cold('-------x').subscribe(() => controller.abort());
      const result$ = source$.pipe(
        backpressure({ required: true, signal: controller.signal, project: value => cold('---(v|)', { v: value }) }),
      );
      expectObservable(result$).toBe('---a--b|');
      expectSubscriptions(source$.subscriptions).toBe('^------!');
    });
  });

  test('I1b a source is not opened if the signal is aborted already', () => {
    let opened = 0;
    const ends: string[] = [];
    const source = () => {
      opened++;
      return of(1);
    };
    backpressure(source, { required: true, signal: AbortSignal.abort(), project: () => of(1) }).subscribe({
      complete: () => ends.push('complete'),
    });
    expect([opened, ends]).toEqual([0, ['complete']]);
  });

  test('I1d it leaves no listener when it ends in another way', async () => {
    const { signal } = new AbortController();
    const options = { required: true, signal, project: (n: number) => of(n) } as const;
    expect(await firstValueFrom(backpressure(of(1, 2), options).pipe(toArray()))).toEqual([1, 2]);
    backpressure(NEVER, options).subscribe().unsubscribe();
    expect(listeners(signal)).toBe(0);
  });

  test('I1f it settles nothing, and does not resume its source', () => {
    const controller = new AbortController();
    const settled: unknown[] = [];
    const pauses: boolean[] = [];
    const source = (pause$: NonNullable<Parameters<typeof fromPull>[1]>['pause$'], settlement: Settlement) => {
      settlement.settled$.subscribe({ next: n => settled.push(n), complete: () => settled.push('end') });
      pause$!.subscribe(level => pauses.push(level));
      return fromPull(() => [1, 2, 3], { pause$: pause$! });
    };
    backpressure(source, {
      required: true,
      highWaterMark: 1,
      signal: controller.signal,
      project: () => NEVER,
    }).subscribe();
    controller.abort();
    expect(settled).toEqual([0, 'end']);
    expect(pauses.slice(0, 2)).toEqual([false, true]);
  });
});

describe('using', () => {
  test('I1g the end of the block closes a subscription', () => {
    const broker = eventBroker<Tick>();
    const seen: number[] = [];
    const block = () => {
      const subscription = broker.subscribe({ required: true, next: ({ n }) => void seen.push(n) });
      try {
        broker.send(a(1));
      } finally {
        subscription[Symbol.dispose]();
      }
    };
    block();
    broker.send(a(2));
    expect(seen).toEqual([1]);
  });

  test('I1h the end of the block drains a broker, and waits for that', async () => {
    const broker = eventBroker<Tick>();
    const work$ = new Subject<void>();
    broker.subscribe({ required: true, next: () => work$ });
    broker.send(a(1));
    let isOver = false;
    const over = broker[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    expect(() => broker.send(b(2))).toThrow('closed');
    await Promise.resolve();
    expect(isOver).toBe(false);
    work$.complete();
    await over;
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, pending: 0 }]);
    await expect(broker[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  test('I1h that of a stopped broker rejects, as drain errors', async () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({
      required: true,
      next: () => {
        throw new Error('no');
      },
    });
    expect(() => broker.send(a(1))).toThrow('stopped');
    await expect(broker[Symbol.asyncDispose]()).rejects.toMatchObject({ name: 'BrokerStoppedError' });
  });

  test('I1i without these symbols everything else works', async () => {
    const symbols = Symbol as { dispose?: symbol; asyncDispose?: symbol };
    const kept = Object.getOwnPropertyDescriptors(symbols);
    jest.replaceProperty(symbols, 'dispose', undefined);
    jest.replaceProperty(symbols, 'asyncDispose', undefined);
    try {
      const broker = eventBroker<Tick>();
      const subscription = broker.subscribe({ required: true, next: () => {} });
      expect(Object.getOwnPropertySymbols(subscription)).toEqual([]);
      expect(Object.getOwnPropertySymbols(broker)).toEqual([Symbol.for('rx-event-broker.inspectable')]);
      subscription.unsubscribe();
      expect(await firstValueFrom(broker.drain())).toMatchObject({ sent: 0 });
    } finally {
      jest.restoreAllMocks();
    }
    expect(symbols.dispose).toBe(kept.dispose?.value);
  });
});
