import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { asapScheduler, Subject } from 'rxjs';
import { eventBroker, OptionError, type BrokerOptions, type DeliveryContext } from 'rx-event-broker';
import { asyncContext } from '../../lib/process/asyncContext.js';

interface Tick {
  readonly type: 'A' | 'B';
  readonly n: number;
}
const a = (n: number): Tick => ({ type: 'A', n });
const request = new AsyncLocalStorage<string>();

/** Sends 1, 2 and 3 from three requests; tells in which context each was handled. */
const sendFromThree = async (
  options: BrokerOptions<Tick>,
  next: (event: Tick) => unknown = () => Promise.resolve(),
) => {
  const broker = eventBroker<Tick>(options);
  const seen: unknown[] = [];
  const done = new Promise<void>(resolve => {
    broker.subscribe({
      required: true,
      retry: 1,
      next: event => {
        seen.push([event.n, request.getStore()]);
        if (event.n === 3) resolve();
        return next(event) as Promise<void>;
      },
    });
  });
  for (const n of [1, 2, 3]) request.run(`request ${n}`, () => broker.send(a(n)));
  await done;
  return { seen, broker };
};
const own = [1, 2, 3].map(n => [n, `request ${n}`]);

describe('a broker with an async context', () => {
  test('I9a delivers a queued event in the context of its send', async () => {
    expect((await sendFromThree({ context: asyncContext() })).seen).toEqual(own);
  });

  test('I9b without the option it is delivered in the context of another event', async () => {
    expect((await sendFromThree({})).seen).not.toEqual(own);
  });

  test('I9a so do a retry, and the code of a handler after an await', async () => {
    const after: unknown[] = [];
    let tries = 0;
    const { seen } = await sendFromThree({ context: asyncContext() }, async ({ n }) => {
      await Promise.resolve();
      after.push(request.getStore());
      if (n === 2 && tries++ === 0) throw new Error('once');
    });
    expect(seen).toEqual([own[0], own[1], own[1], own[2]]);
    expect(after.slice(0, 3)).toEqual(['request 1', 'request 2', 'request 2']);
  });

  test('I9a so does a delivery on its own scheduler', async () => {
    const broker = eventBroker<Tick>({ context: asyncContext() });
    const seen = await new Promise(resolve => {
      broker.subscribe({ required: false, observeOn: asapScheduler, next: () => resolve(request.getStore()) });
      request.run('the sender', () => broker.send(a(1)));
    });
    expect(seen).toBe('the sender');
  });

  test('I9c a batch is delivered in the context of its subscriber, queued or not', async () => {
    const broker = eventBroker<Tick>({ context: asyncContext() });
    const seen: unknown[] = [];
    const done = new Promise<void>(resolve => {
      request.run('the subscriber', () =>
        broker.subscribe({
          required: true,
          nextBatch: events => {
            seen.push([events.length, request.getStore()]);
            if (seen.length === 2) resolve();
            return Promise.resolve();
          },
        }),
      );
    });
    request.run('a sender', () => broker.send(a(1)));
    request.run('another', () => broker.sendBatch([a(2), a(3)]));
    await done;
    expect(seen).toEqual([
      [1, 'the subscriber'],
      [2, 'the subscriber'],
    ]);
  });

  test('I9d no context is captured unless an event enters a mailbox', () => {
    const made = jest.fn();
    const hook = createHook({ init: (_, type) => type === 'rx-event-broker' && made() }).enable();
    const broker = eventBroker<Tick>({ context: asyncContext() });
    broker.subscribe({ required: true, next: () => {} });
    for (let n = 0; n < 10; n++) broker.send(a(n));
    expect(made).not.toHaveBeenCalled();
    broker.subscribe({ required: true, next: () => new Subject() });
    for (let n = 0; n < 10; n++) broker.send(a(n));
    expect(made).toHaveBeenCalledTimes(10);
    hook.disable();
  });

  test('I9e a value that is not a context is an OptionError', () => {
    for (const context of [{}, asyncContext, 5])
      expect(() => eventBroker({ context: context as unknown as DeliveryContext })).toThrow(OptionError);
  });

  test('I9f everything else is as without the option: order, counts, gaps, failures and notices', () => {
    const step = fc.record({
      kind: fc.constantFrom('send', 'batch', 'finish', 'fail', 'hold', 'release', 'close'),
      n: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const run = (options: BrokerOptions<Tick>) => {
          const log: unknown[] = [];
          const broker = eventBroker<Tick>({ ...options, sizeOf: ({ n }) => n });
          broker.notices$.subscribe(notice => log.push(notice));
          const hold$ = new Subject<boolean>();
          const work: Subject<void>[] = [];
          const begin = (...what: unknown[]) => {
            log.push(what);
            const work$ = new Subject<void>();
            work.push(work$);
            return work$;
          };
          const missed = (gap: object) => void log.push(gap);
          const subscriptions = [
            broker.subscribe({ required: true, onFailure: 'continue', hold$, next: event => begin('required', event) }),
            broker.subscribe({ required: false, capacity: 1, missed, next: event => begin('optional', event) }),
            broker.subscribe({ required: false, capacityBytes: 4, missed, next: event => begin('sized', event) }),
            broker.subscribe({ required: true, onFailure: 'continue', nextBatch: events => begin('batch', events) }),
          ];
          broker.stream({ required: false, project: event => begin('stream', event) }).subscribe();
          steps.forEach(({ kind, n }, at) => {
            if (kind === 'send') broker.send(a(n));
            if (kind === 'batch') broker.sendBatch([a(at), a(n)]);
            if (kind === 'finish') work.splice(n, 1)[0]?.complete();
            if (kind === 'fail') work.splice(n, 1)[0]?.error('no');
            if (kind === 'hold' || kind === 'release') hold$.next(kind === 'hold');
            if (kind === 'close') subscriptions.splice(n, 1)[0]?.unsubscribe();
            log.push(broker.snapshot());
          });
          broker.close();
          return [...log, broker.snapshot()];
        };
        expect(run({ context: asyncContext() })).toEqual(run({}));
      }),
    );
  });
});
