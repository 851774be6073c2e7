import '../invariants.js';
import { describe, expect, test } from '@jest/globals';
import { concatMap, NEVER, of, Subject } from 'rxjs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { backpressure, eventBroker, keepLatestBy, ofType, type Gap } from 'rx-event-broker';
import { runMarbles } from '../../../lib/testing/marbles/runMarbles.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Price {
  readonly type: 'Price';
  readonly symbol: string;
  readonly n: number;
}
const price = (symbol: string, n: number): Price => ({ type: 'Price', symbol, n });
const textOf = ({ symbol, n }: Price): string => `${symbol}${n}`;
const bySymbol = keepLatestBy(({ symbol }: Price) => symbol);

/** A broker with an optional subscriber: what it was told, in order; `done` finishes a delivery. */
const watched = (given: object = {}, options: Parameters<typeof eventBroker<Price>>[0] = {}) => {
  const broker = eventBroker<Price>(options);
  const told: string[] = [];
  const notices: string[] = [];
  let work$ = new Subject<void>();
  const begin = (what: string): Subject<void> => {
    told.push(what);
    return (work$ = new Subject());
  };
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Dropped') notices.push(`${notice.reason} ${notice.count} ${notice.open ? 'open' : 'total'}`);
    if (notice.type === 'Failed') notices.push(`failed ${notice.events.map(textOf).join()} ${String(notice.error)}`);
  });
  const { batch = false, ...more } = given as { readonly batch?: true };
  const subscription = broker.subscribe({
    required: false,
    overflow: bySymbol,
    missed: ({ count, reason, first, last }: Gap<Price>) =>
      void told.push(`missed ${count} ${reason} ${textOf(first)}..${textOf(last)}`),
    ...(batch
      ? { nextBatch: (events: readonly Price[]) => begin(events.map(textOf).join()) }
      : { next: (event: Price) => begin(textOf(event)) }),
    ...more,
  });
  const send = (texts: string): void => {
    for (const text of texts.split(' ')) broker.send(price(text[0]!, Number(text.slice(1))));
  };
  const sendBatch = (texts: string): void => {
    broker.sendBatch(texts.split(' ').map(text => price(text[0]!, Number(text.slice(1)))));
  };
  const tally = () => {
    const { offered, delivered, failed, dropped, pending } = broker.snapshot().subscribers[0]!;
    return [offered, delivered, failed, dropped, pending];
  };
  return { broker, send, sendBatch, told, notices, tally, subscription, done: () => work$.complete() };
};

describe('B19a only the latest of each key waits', () => {
  test('B19b in the place of the first event, in virtual time', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const values = { a: 'a1', b: 'b1', c: 'a2', d: 'b2', x: 'x1' };
      const work = cold('---(w|)');
      const source = hot('xabcd------|', values);
      const results = backpressure<string, string>({
        required: false,
        overflow: keepLatestBy((text: string) => text[0]),
        project: text => work.pipe(concatMap(() => of(text))),
      });
      expectObservable(source.pipe(results)).toBe('---x--c--d-|', values);
      expectSubscriptions(work.subscriptions).toBe(['^--!', '---^--!', '------^--!']);
      expectSubscriptions(source.subscriptions).toBe('^----------!');
    });
  });

  test('no key starves: one that is superseded all the time keeps its place', () => {
    const { send, told, done, tally } = watched();
    send('x1 a1 b1 a2 a3 b2 a4');
    for (let i = 0; i < 3; i++) done();
    expect(told).toEqual(['x1', 'missed 3 superseded a1..a3', 'a4', 'missed 1 superseded b1..b1', 'b2']);
    expect(tally()).toEqual([7, 3, 0, 4, 0]);
  });

  test('B19c superseded events are counted and reported by missed, without a notice for each; a close reports their sum', () => {
    const { send, subscription, notices, told } = watched();
    send('x1 a1 a2 b1 b2 b3');
    expect([notices, told]).toEqual([[], ['x1']]);
    subscription.unsubscribe();
    expect([notices, told]).toEqual([['superseded 3 total', 'closed 2 total'], ['x1']]);
  });

  test('B19c an event that missed sends is not lost, and is reported if it is superseded', () => {
    const { broker, told, done, send } = watched({
      missed: ({ count, reason, last }: Gap<Price>) => {
        told.push(`missed ${count} ${reason}`);
        if (last.n === 1) broker.send(price('a', 3));
      },
    });
    send('x1 a1 a2');
    done();
    expect(told).toEqual(['x1', 'missed 1 superseded', 'missed 1 superseded', 'a3']);
  });
});

describe('B19d capacity counts keys', () => {
  test('a new key past it is an overflow, reported first and separately', () => {
    const { send, told, notices, done } = watched({ capacity: 2 });
    send('x1 a1 b1 c1 a2 d1 b2');
    expect(notices).toEqual(['overflow 1 open']);
    for (let i = 0; i < 3; i++) done();
    expect(told).toEqual([
      'x1',
      'missed 2 overflow c1..d1',
      'missed 1 superseded a1..a1',
      'a2',
      'missed 1 superseded b1..b1',
      'b2',
    ]);
    expect(notices).toEqual(['overflow 1 open', 'overflow 2 total']);
  });

  test('0: it gets only events that come while it is idle', () => {
    const { send, sendBatch, told, done } = watched({ capacity: 0 });
    send('x1 a1');
    done();
    sendBatch('b1 c1');
    done();
    expect(told).toEqual(['x1', 'missed 1 overflow a1..a1', 'b1']);
  });

  test('B19e capacityBytes holds too: one that does not fit in its place is dropped, and the earlier one stays', () => {
    const { send, told, done, tally } = watched({ capacity: 9, capacityBytes: 5 }, { sizeOf: ({ n }) => n });
    send('x9 a2 b2 a1 c1 b9 a2');
    done();
    done();
    done();
    expect(told).toEqual(['x9', 'missed 1 overflow b9..b9', 'missed 2 superseded a2..a1', 'a2', 'b2', 'c1']);
    expect(tally()).toEqual([7, 3, 0, 3, 1]);
  });
});

describe('B19f with nextBatch a delivery is everything that waits', () => {
  test('and missed is called once before it, with the total', () => {
    const { send, told, done } = watched({ batch: true });
    send('x1 a1 b1 a2 b2 c1 a3');
    done();
    expect(told).toEqual(['x1', 'missed 3 superseded a1..b1', 'a3,b2,c1']);
  });

  test('B19g a batch is taken event by event, also while idle', () => {
    const { sendBatch, told, done, tally } = watched({ batch: true, capacity: 3 });
    sendBatch('a1 a2 b1 a3 c1 d1');
    sendBatch('e1 a4 e2');
    done();
    expect(told).toEqual([
      'missed 1 overflow d1..d1',
      'missed 2 superseded a1..a2',
      'a3,b1,c1',
      'missed 1 superseded e1..e1',
      'e2,a4',
    ]);
    expect(tally()).toEqual([9, 3, 0, 4, 2]);
  });

  test('while it is held, it gathers', () => {
    const hold$ = new Subject<boolean>();
    const { send, told } = watched({ batch: true, hold$ });
    hold$.next(true);
    send('a1 b1 a2');
    expect(told).toEqual([]);
    hold$.next(false);
    expect(told).toEqual(['missed 1 superseded a1..a1', 'a2,b1']);
  });
});

describe('B19h a key function that throws', () => {
  const overflow = keepLatestBy(({ symbol, n }: Price) => {
    if (n === 7) throw new Error('no key');
    return symbol;
  });

  test('fails that event in its turn, and blocks nothing', () => {
    const { send, told, notices, done, tally } = watched({ overflow });
    send('x1 a7 a1 a7 a2');
    expect(notices).toEqual([]);
    done();
    done();
    expect(told).toEqual(['x1', 'missed 1 superseded a1..a1', 'a2']);
    expect(notices).toEqual(['failed a7 Error: no key', 'failed a7 Error: no key']);
    expect(tally()).toEqual([5, 2, 2, 1, 0]);
  });

  test('with nextBatch that event is a separate delivery', () => {
    const { send, told, notices, done, tally } = watched({ overflow, batch: true });
    send('x1 a1 a2 b7 c1 c2');
    for (let i = 0; i < 3; i++) done();
    expect(told).toEqual(['x1', 'missed 1 superseded a1..a1', 'a2', 'missed 1 superseded c1..c1', 'c2']);
    expect(notices).toEqual(['failed b7 Error: no key']);
    expect(tally()).toEqual([6, 3, 1, 2, 0]);
  });

  test('one that closes the subscriber leaves nothing behind', () => {
    const closing$ = new Subject<void>();
    const { send, tally, broker } = watched({
      closed$: closing$,
      overflow: keepLatestBy(({ n }: Price) => {
        if (n === 7) closing$.next();
        return n;
      }),
    });
    const tallies: unknown[] = [];
    broker.notices$.pipe(ofType('Closed')).subscribe(notice => tallies.push(notice.tally));
    send('x1 a1');
    expect(tally()).toEqual([2, 0, 0, 0, 2]);
    send('a7');
    expect(tallies).toEqual([{ offered: 2, delivered: 0, failed: 1, dropped: 1, skipped: 0, pending: 0 }]);
  });
});

test('B19i keys and events that do not wait can be garbage-collected', async () => {
  const { broker, done } = (() => {
    const broker = eventBroker<{ readonly type: 'A'; readonly key: object }>();
    const works: Subject<void>[] = [];
    broker.subscribe({
      required: false,
      overflow: keepLatestBy((event: { readonly key: object }) => event.key),
      next: () => {
        const work$ = new Subject<void>();
        works.push(work$);
        return work$;
      },
    });
    return { broker, done: () => works.shift()?.complete() };
  })();
  const keys = [0, 1, 2].map(() => {
    const key = {};
    broker.send({ type: 'A', key });
    return new WeakRef(key);
  });
  done();
  done();
  broker.send({ type: 'A', key: {} });
  done();
  await new Promise(resolve => setImmediate(resolve));
  collect();
  expect(keys.map(key => key.deref())).toEqual([undefined, undefined, undefined]);
  expect(broker.snapshot().subscribers[0]).toMatchObject({ delivered: 3, pending: 1 });
});

describe('B19j where it is allowed', () => {
  test('only for an optional subscriber, and only the result of keepLatestBy', () => {
    const broker = eventBroker<Price>();
    const wrong = { required: false, next: () => NEVER };
    for (const overflow of ['keepLatestBy', {}, null, () => 'x', { key: () => 1 }])
      expect(() => broker.subscribe({ ...wrong, overflow } as never)).toThrow(
        /^overflow: expected 'dropNewest' or 'dropOldest' or keepLatestBy\(key\), found /,
      );
    expect(() => keepLatestBy('symbol' as never)).toThrow(/^key: expected a function, found 'symbol'/);
  });

  test('the key function is called once for each event, when it arrives', () => {
    let asked = 0;
    const { send } = watched({ overflow: keepLatestBy(() => ++asked) });
    send('x1 a1 a2');
    expect(asked).toBe(3);
  });

  test('a stream and a subscriber that works synchronously get all', () => {
    const broker = eventBroker<Price>();
    const seen: string[] = [];
    broker.stream({ required: false, overflow: bySymbol }).subscribe(event => seen.push(textOf(event)));
    broker.sendBatch([price('a', 1), price('a', 2)]);
    expect(seen).toEqual(['a1', 'a2']);
  });
});
