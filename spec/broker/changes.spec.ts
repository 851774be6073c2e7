import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { asapScheduler, map, Subject, type Observable } from 'rxjs';
import { eventBroker, type BrokerSnapshot, type BrokerSubscription } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { a, b, type Tick } from './ticks.js';

const microtask = () => Promise.resolve();

afterEach(() => {
  jest.restoreAllMocks();
});

describe('snapshot', () => {
  test('I8a is the same object until something changes, and so is each subscriber in it', () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: true, types: ['A'], next: () => {} });
    broker.subscribe({ required: true, types: ['B'], next: () => {} });
    const first = broker.snapshot();
    expect(broker.snapshot()).toBe(first);
    broker.send(a(1));
    const second = broker.snapshot();
    expect(second).not.toBe(first);
    expect([first.sent, second.sent]).toEqual([0, 1]);
    expect(second.subscribers[0]).not.toBe(first.subscribers[0]);
    expect(second.subscribers[1]).toBe(first.subscribers[1]);
    expect(broker.snapshot()).toBe(second);
  });

  test('I8a a closed subscriber changes it, even if no count changes', () => {
    const broker = eventBroker<Tick>();
    const [one] = [1, 2].map(() => broker.subscribe({ required: true, next: () => {} }));
    const before = broker.snapshot();
    one!.unsubscribe();
    const after = broker.snapshot();
    expect(after.subscribers).toEqual([before.subscribers[1]]);
    expect(after.subscribers[0]).toBe(before.subscribers[1]);
  });

  test('I8b writing into it changes nothing for other readers', () => {
    const broker = eventBroker<Tick>();
    const mine = broker.snapshot() as { sent: number };
    mine.sent = 7;
    expect(broker.snapshot().sent).toBe(0);
  });
});

describe('changes$', () => {
  test('I8c emits the snapshot at most once per microtask, and only if it differs', async () => {
    const broker = eventBroker<Tick>();
    const seen: BrokerSnapshot[] = [];
    broker.changes$.subscribe(snapshot => seen.push(snapshot));
    broker.send(a(1));
    broker.send(a(2));
    expect(seen).toEqual([]);
    await microtask();
    expect(seen.map(({ sent }) => sent)).toEqual([2]);
    expect(seen[0]).toBe(broker.snapshot());
    broker.subscribe({ required: true, next: () => {} }).unsubscribe();
    await microtask();
    expect(seen).toHaveLength(1);
  });

  test('I8c a change that is undone does not count, also for a new observer', async () => {
    const broker = eventBroker<Tick>();
    const seen: BrokerSnapshot[] = [];
    broker.changes$.subscribe(snapshot => seen.push(snapshot)).unsubscribe();
    broker.send(a(1));
    broker.changes$.subscribe(snapshot => seen.push(snapshot));
    broker.subscribe({ required: true, next: () => {} }).unsubscribe();
    await microtask();
    expect(seen).toEqual([]);
  });

  test('I8c a second observer takes no change from the first', async () => {
    const broker = eventBroker<Tick>();
    const seen: string[] = [];
    broker.changes$.subscribe(({ sent }) => seen.push(`first ${sent}`));
    broker.send(a(1));
    broker.changes$.subscribe(({ sent }) => seen.push(`second ${sent}`));
    await microtask();
    expect(seen).toEqual(['first 1', 'second 1']);
  });

  test('I8c in virtual time', () => {
    runMarbles(({ cold, hot, expectObservable }) => {
      const broker = eventBroker<Tick>();
      broker.subscribe({ required: true, next: () => cold('--|') });
      hot('  -(aa)------b--|', { a: a(1), b: b(2) }).subscribe({
        next: event => broker.send(event),
        complete: () => broker.close(),
      });
      const counts = ({ sent, subscribers }: BrokerSnapshot) => `${sent} ${subscribers[0]?.delivered ?? 0}`;
      expectObservable(broker.changes$.pipe(map(counts))).toBe('-a-b-c-----d-e|', {
        a: '2 0',
        b: '2 1',
        c: '2 2',
        d: '3 2',
        e: '3 3',
      });
    });
  });

  test('I8d nothing is scheduled while it has no observer', async () => {
    const schedule = jest.spyOn(asapScheduler, 'schedule');
    const broker = eventBroker<Tick>();
    broker.changes$.subscribe().unsubscribe();
    const work$ = new Subject<void>();
    const subscription = broker.subscribe({ required: true, next: () => work$ });
    broker.send(a(1));
    work$.complete();
    subscription.unsubscribe();
    await microtask();
    expect(schedule).not.toHaveBeenCalled();
    broker.changes$.subscribe();
    broker.send(a(2));
    broker.send(a(3));
    expect(schedule).toHaveBeenCalledTimes(1);
  });

  test('I8d a send takes its fast path again when the last observer has left', () => {
    const broker = eventBroker<Tick>();
    broker.subscribe({ required: true, types: ['A'], next: () => {} });
    /** The slower path reads the type of an event twice. */
    const reads = () => {
      let count = 0;
      const event: Tick = {
        get type() {
          count++;
          return 'A' as const;
        },
        n: 1,
      };
      broker.send(event);
      return count;
    };
    expect(reads()).toBe(1);
    const observers = [broker.changes$.subscribe(), broker.changes$.subscribe()];
    expect(reads()).toBe(2);
    observers[0]!.unsubscribe();
    expect(reads()).toBe(2);
    observers[1]!.unsubscribe();
    expect(reads()).toBe(1);
  });

  test('I8e completes after the last change', async () => {
    const broker = eventBroker<Tick>();
    const seen: unknown[] = [];
    const observe = (changes$: Observable<BrokerSnapshot>) =>
      changes$.subscribe({
        next: ({ subscribers }) => seen.push(subscribers[0]?.failed),
        complete: () => seen.push('complete'),
      });
    broker.subscribe({ required: true, next: () => new Subject() });
    broker.send(a(1));
    observe(broker.changes$);
    broker.close();
    expect(seen).toEqual([]);
    await microtask();
    expect(seen).toEqual([1, 'complete']);
    observe(broker.changes$);
    expect(seen).toEqual([1, 'complete', 'complete']);
    const unobserved = eventBroker<Tick>();
    unobserved.close();
    observe(unobserved.changes$);
    expect(seen).toHaveLength(4);
  });

  test('I8a I8c for any steps, an observer of changes$ knows the snapshot', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('send'), n: fc.nat(2) }),
      fc.record({ kind: fc.constantFrom('subscribe', 'close', 'finish', 'fail', 'hold', 'tick'), n: fc.nat(2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
        const broker = eventBroker<Tick>();
        broker.notices$.subscribe();
        const work: Subject<void>[] = [];
        const hold$ = new Subject<boolean>();
        const open: BrokerSubscription[] = [];
        let known = broker.snapshot();
        broker.changes$.subscribe(snapshot => {
          // it may be equal: something changed, was looked at, and changed back
          expect(snapshot).not.toBe(known);
          known = snapshot;
        });
        for (const { kind, n } of steps) {
          const before = broker.snapshot();
          if (kind === 'send') broker.send([a, b, (): Tick => ({ type: 'C', n: 0 })][n]!(0));
          if (kind === 'subscribe')
            open.push(
              broker.subscribe({
                ...(n === 0 ? { required: false, capacity: 1 } : { required: true, onFailure: 'continue' }),
                types: n === 1 ? ['A'] : ['B'],
                hold$,
                next: () => {
                  if (n === 2) return undefined;
                  const work$ = new Subject<void>();
                  work.push(work$);
                  return work$;
                },
              }),
            );
          if (kind === 'close') open.splice(n, 1)[0]?.unsubscribe();
          if (kind === 'finish') work.splice(n, 1)[0]?.complete();
          if (kind === 'fail') work.splice(n, 1)[0]?.error(new Error('of the test'));
          if (kind === 'hold') hold$.next(n === 0);
          const after = broker.snapshot();
          const isEqual = JSON.stringify(after) === JSON.stringify(before);
          expect(after === before).toBe(isEqual);
          if (kind !== 'tick') continue;
          await microtask();
          expect(known).toBe(broker.snapshot());
        }
        broker.close();
        await microtask();
        expect(known).toBe(broker.snapshot());
      }),
      {
        examples: [
          [
            [
              { kind: 'subscribe', n: 0 },
              { kind: 'close', n: 0 },
            ],
          ],
        ],
      },
    );
  });
});
