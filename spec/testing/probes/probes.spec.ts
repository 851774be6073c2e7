import { describe, expect, test } from '@jest/globals';
import { EMPTY, map } from 'rxjs';
import { eventBroker } from '../../../lib/broker/eventBroker.js';
import { backpressure } from '../../../lib/operators/backpressure.js';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

type Tick = { readonly type: 'Tick'; readonly n: number };
const tick = (n: number): Tick => ({ type: 'Tick', n });
const ticks = { a: tick(1), b: tick(2), c: tick(3), d: tick(4), e: tick(5) };

describe('requiredProbe', () => {
  test('takes its time for each delivery, and the source is paused until then', () => {
    runMarbles(({ pausableCold, requiredProbe, expectObservable, expectDeliveries, expectPauses, expectValue }) => {
      const broker = eventBroker<Tick>();
      const ledger = requiredProbe('---|', { highWaterMark: 2 });
      broker.subscribe({ ...ledger, types: ['Tick'] });
      const source = pausableCold('abc|', ticks);

      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('---------(n|)', { n: 3 });
      expectDeliveries(ledger, broker).toBe({ began: 'a--b--c', done: '---a--b--c', dropped: '', skipped: '' }, ticks);
      expectPauses(source).toBe('                         -t-ft-f');
      expectValue(() => broker.snapshot().subscribers[0]?.pending).toBe('12-12-1--0');
    });
  });

  test('works immediately without marbles, and differently for each delivery', () => {
    runMarbles(({ cold, requiredProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const quick = requiredProbe();
      const warmingUp = requiredProbe(['----|', '-|', '']);
      broker.subscribe({ ...quick, types: ['Tick'] });
      broker.subscribe({ ...warmingUp, types: ['Tick'] });
      cold('abcd', ticks).subscribe(event => broker.send(event));
      expectDeliveries(quick).toBe({ began: 'abcd', done: 'abcd' }, ticks);
      expectDeliveries(warmingUp).toBe({ began: 'a---b(cd)', done: '----a(bcd)' }, ticks);
    });
  });

  test('fails as its marbles say, and is retried', () => {
    runMarbles(({ cold, requiredProbe, expectDeliveries, expectObservable }) => {
      const broker = eventBroker<Tick>();
      const shaky = requiredProbe(['--#', '-|', '--#'], {
        onFailure: 'continue',
        retry: { count: 1, delay: 2 },
        error: 'full',
      });
      broker.subscribe({ ...shaky, types: ['Tick'] });
      cold('a------b', ticks).subscribe(event => broker.send(event));
      expectDeliveries(shaky, broker).toBe(
        { began: 'a---a--b---b', done: '-----a', failed: '--a------b---b', dropped: '' },
        ticks,
      );
      expectObservable(broker.notices$.pipe(map(notice => notice.type))).toBe('-------------f', { f: 'Failed' });
    });
  });

  test('is held and closed by marbles; cancelled deliveries are shown', () => {
    runMarbles(({ cold, requiredProbe, expectDeliveries, expectValue }) => {
      const broker = eventBroker<Tick>();
      const held = requiredProbe('----|', { hold: '-t---f', closed: '---------x' });
      broker.subscribe({ ...held, types: ['Tick'] });
      cold('a-bc', ticks).subscribe(event => broker.send(event));
      expectDeliveries(held, broker).toBe(
        { began: 'a----b', done: '----a', cut: '---------b', dropped: '---------1' },
        ticks,
      );
      expectValue(() => broker.snapshot().subscribers.length).toBe('1--------0');
    });
  });
});

describe('optionalProbe', () => {
  test('drops, and is notified of what it missed before its next delivery', () => {
    runMarbles(({ cold, optionalProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const chart = optionalProbe('-----|', { capacity: 1, name: 'chart' });
      broker.subscribe({ ...chart, types: ['Tick'] });
      cold('abcd--e', ticks).subscribe(event => broker.send(event));
      expectDeliveries(chart, broker).toBe(
        {
          began: '  a----b----e',
          done: '   -----a----b----e',
          dropped: '--11',
          missed: ' ----------2',
          skipped: '',
        },
        ticks,
      );
    });
  });

  test('skips while its level is true', () => {
    runMarbles(({ cold, optionalProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const hidden = optionalProbe('', { skip: '-t-f' });
      broker.subscribe({ ...hidden, types: ['Tick'] });
      cold('abcd', ticks).subscribe(event => broker.send(event));
      expectDeliveries(hidden, broker).toBe({ began: 'a--d', done: 'a--d', skipped: '-11' }, ticks);
    });
  });

  test('counts in numbers above nine by a letter', () => {
    runMarbles(({ cold, optionalProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const slow = optionalProbe('---|', { capacity: 0 });
      broker.subscribe({ ...slow, types: ['Tick'] });
      cold('a-b', ticks).subscribe(event => broker.sendBatch(Array.from({ length: 12 }, () => event)));
      expectDeliveries(slow, broker).toBe({ dropped: 'm-n' }, { m: 11, n: 12 });
    });
  });
});

test('a probe works with backpressure, too', () => {
  runMarbles(({ cold, optionalProbe, expectObservable, expectDeliveries }) => {
    const latest = optionalProbe('---(x|)', { capacity: 1, overflow: 'dropOldest' });
    const worked$ = cold('abcd|').pipe(backpressure({ ...latest, project: value => latest.next(value) ?? EMPTY }));
    expectObservable(worked$).toBe('   ---x--(x|)');
    expectDeliveries(latest).toBe({ began: 'a--d', done: '---a--d', missed: '---2' });
  });
});

describe('failures', () => {
  test('rows are aligned, with a caret under the first difference', () => {
    const error = failureOf(({ cold, optionalProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const chart = optionalProbe(['-----|', '-----#'], { capacity: 1 });
      broker.subscribe({ ...chart, types: ['Tick'] });
      cold('abcd--e', ticks).subscribe(event => broker.send(event));
      expectDeliveries(chart, broker).toBe(
        { began: 'a----b----e', done: '-----a----b', dropped: '--1', missed: '----------2' },
        ticks,
      );
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectDeliveries: differs from its marbles at 3ms (${ERRORS_PAGE}#marblemismatcherror)

       began             a----b----e
       done expected     -----a----b
       done actual       -----a
       failed expected   (nothing)
       failed actual     ----------b----e
       missed            ----------2
       dropped expected  --1
       dropped actual    --11
                            ^ 3ms: expected nothing, found 1"
    `);
    expect(error.actual).toMatchInlineSnapshot(`
     "done -----a
     failed ----------b----e
     dropped --11"
    `);
    expect(error.expected).toMatchInlineSnapshot(`
     "done -----a----b
     failed
     dropped --1"
    `);
  });

  test('dropped and skipped need the broker', () => {
    expect(() =>
      runMarbles(({ optionalProbe, expectDeliveries }) => expectDeliveries(optionalProbe()).toBe({ dropped: '1' })),
    ).toThrow(
      'expectDeliveries: dropped and skipped are counted by the broker; pass the broker as the second argument',
    );
  });

  test('an unknown row would assert nothing', () => {
    expect(() =>
      runMarbles(({ requiredProbe, expectDeliveries }) =>
        expectDeliveries(requiredProbe()).toBe({ bgan: 'a' } as never),
      ),
    ).toThrow('expectDeliveries: expected some of began, done, failed, cut, missed, dropped, skipped, found bgan');
  });

  test('rows that are not mentioned must be empty: failures, cuts, gaps', () => {
    const error = failureOf(({ cold, requiredProbe, expectDeliveries }) => {
      const shaky = requiredProbe('-#');
      cold('a')
        .pipe(backpressure({ ...shaky, project: value => shaky.next(value) ?? EMPTY }))
        .subscribe({ error: () => undefined });
      expectDeliveries(shaky).toBe({ began: 'a' });
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectDeliveries: differs from its marbles at 1ms (${ERRORS_PAGE}#marblemismatcherror)

       began            a
       failed expected  (nothing)
       failed actual    -a
                         ^ 1ms: expected nothing, found a"
    `);
  });
});
