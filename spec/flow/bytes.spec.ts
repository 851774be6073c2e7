import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NEVER, of, Subject } from 'rxjs';
import { backpressure, eventBroker, fanOut, ofType, type Gap } from 'rx-event-broker';
import { Mailbox } from '../../lib/flow/mailbox/Mailbox.js';
import { sizeBy } from '../../lib/flow/mailbox/Size.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { loggedMailbox as logged, owner, settings, single } from './loggedMailbox.js';

/** Its type is A; its size is said, or is none. */
interface A {
  readonly type: 'A';
  readonly size: unknown;
}
const a = (size: unknown): A => ({ type: 'A', size });
const sizeOf = (event: A): number => {
  if (event.size === 'throws') throw new Error('no size');
  return event.size as number;
};

/** A mailbox of numbers, each of which is its own size. */
const sized = (given: object) => logged({ bytesOf: sizeBy(single, n => n), ...given });

describe('B18a highWaterMarkBytes', () => {
  test('the source is paused at that many pending bytes, and resumed at half of both marks', () => {
    runMarbles(({ pausableCold, cold, expectObservable, expectPauses }) => {
      const source = pausableCold('abcd|', { a: 3, b: 4, c: 1, d: 1 });
      const options = { required: true, highWaterMark: 100, highWaterMarkBytes: 7, sizeOf: (n: number) => n } as const;
      const result$ = backpressure(source, { ...options, project: n => cold('---(n|)', { n }) });
      expectObservable(result$).toBe('---a--b---c--(d|)', { a: 3, b: 4, c: 1, d: 1 });
      // 4 bytes are left at 3 ms: more than half
      expectPauses(source).toBe('-t----f');
    });
  });

  test('either mark is enough, in the notices too; the event in flight counts', () => {
    const { mailbox, done, told } = sized({ highWaterMark: 3, highWaterMarkBytes: 10 });
    mailbox.offer(10);
    expect([told(), mailbox.backlog.pendingBytes]).toEqual([['saturated 1', 'start 10'], 10]);
    done();
    expect([told(), mailbox.backlog.pendingBytes]).toEqual([['clear 0'], 0]);
    for (const n of [1, 2, 3]) mailbox.offer(n);
    expect(told()).toEqual(['start 1', 'saturated 3']);
  });

  test('B18c send returns false, and an event larger than the mark is taken', () => {
    const broker = eventBroker<A>({ sizeOf });
    broker.subscribe({ required: true, highWaterMarkBytes: 10, next: () => NEVER });
    expect([broker.send(a(4)), broker.send(a(400))]).toEqual([true, false]);
    expect(broker.snapshot()).toMatchObject({ saturated: true, subscribers: [{ pending: 2 }] });
  });
});

describe('B18b capacityBytes', () => {
  test.each([
    ['dropNewest' as const, ['dropped 1 5 5 overflow open'], ['start 3', 'dropped 1 5 5 overflow closed', 'missed 1']],
    ['dropOldest' as const, ['dropped 1 3 3 overflow open'], ['dropped 1 3 3 overflow closed', 'missed 1', 'start 5']],
  ])('%s: what does not fit is told as any gap, with the reason overflow', (overflow, opened, closed) => {
    const { mailbox, done, told } = sized({ capacity: 100, capacityBytes: 7, overflow });
    for (const n of [9, 3, 5]) mailbox.offer(n);
    expect(told()).toEqual(['start 9', ...opened]);
    done();
    if (overflow === 'dropNewest') {
      mailbox.offer(1);
      done();
    }
    expect(told().slice(0, 3)).toEqual(closed);
  });

  test('both bounds hold', () => {
    const { mailbox } = sized({ capacity: 2, capacityBytes: 100 });
    for (const n of [1, 1, 1, 1]) mailbox.offer(n);
    expect(mailbox.tally()).toMatchObject({ pending: 3, dropped: 1 });
  });

  test('B18c an event that is larger is accepted while idle, and dropped otherwise, even if older ones could make room', () => {
    const { mailbox, done, told } = sized({ capacity: 9, capacityBytes: 3, overflow: 'dropOldest' });
    mailbox.offer(50);
    for (const n of [2, 50]) mailbox.offer(n);
    expect(told()).toEqual(['start 50', 'dropped 1 50 50 overflow open']);
    done();
    expect(told()).toEqual(['start 2']);
  });

  test('B18c older ones that are dropped after it join its gap, which is announced as open once', () => {
    const { mailbox, done, told } = sized({ capacity: 9, capacityBytes: 3, overflow: 'dropOldest' });
    for (const n of [1, 2, 50, 3]) mailbox.offer(n);
    expect(told()).toEqual(['start 1', 'dropped 1 50 50 overflow open']);
    done();
    expect(told()).toEqual(['dropped 2 2 50 overflow closed', 'missed 2', 'start 3']);
  });

  test('0: it gets only events that come while it is idle, and events of 0 bytes', () => {
    const { mailbox } = sized({ capacity: 9, capacityBytes: 0 });
    for (const n of [5, 1, 0]) mailbox.offer(n);
    expect(mailbox.tally()).toMatchObject({ pending: 2, dropped: 1 });
  });

  test('B18f the size of a batch is that of its events', () => {
    const gaps: Gap<A>[] = [];
    const broker = eventBroker<A>({ sizeOf });
    broker.notices$.subscribe();
    broker.subscribe({ required: false, capacityBytes: 5, nextBatch: () => NEVER, missed: gap => void gaps.push(gap) });
    broker.sendBatch([a(1)]);
    broker.sendBatch([a(2), a(3)]);
    broker.sendBatch([a(0), a(1)]);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 3, dropped: 2 }]);
  });
});

describe('B18d the size of an event', () => {
  test('is computed once for each subscriber with a bound in bytes, when the event arrives, and for no other', () => {
    const asked: unknown[] = [];
    const broker = eventBroker<A>({
      sizeOf: ({ size }) => {
        asked.push(size);
        return size as number;
      },
    });
    broker.subscribe({ required: true, next: () => NEVER });
    broker.subscribe({ required: false, next: () => NEVER });
    broker.subscribe({ required: true, highWaterMarkBytes: 9, next: () => undefined });
    broker.subscribe({ required: false, capacityBytes: 9, skip$: of(true), next: () => undefined });
    broker.send(a(1));
    broker.send(a(2));
    expect(asked).toEqual([1, 2]);
  });

  test('is not computed for an event that comes after the end', () => {
    const asked: number[] = [];
    const bytesOf = sizeBy(single, n => asked.push(n));
    const { mailbox } = sized({ bytesOf });
    mailbox.offer(1, true);
    mailbox.offer(2);
    mailbox.close();
    mailbox.offer(3);
    expect(asked).toEqual([1]);
  });

  test('may be as large as a number can be exact', () => {
    const { mailbox, told } = sized({});
    for (const n of [Number.MAX_SAFE_INTEGER, 2 ** 53]) mailbox.offer(n);
    expect(mailbox.backlog.pendingBytes).toBe(Number.MAX_SAFE_INTEGER);
    expect(told()).toEqual([`start ${Number.MAX_SAFE_INTEGER}`]);
  });

  test('does not change later: bytes that are transferred later are subtracted', () => {
    const view = new Uint8Array(8);
    const mailbox = new Mailbox<number, number>(
      owner({ start: () => NEVER }),
      settings({ capacity: 9, capacityBytes: 9, bytesOf: sizeBy(single, () => view.byteLength) }),
    );
    for (const n of [1, 2]) mailbox.offer(n);
    structuredClone(view, { transfer: [view.buffer] });
    expect([view.byteLength, mailbox.backlog.pendingBytes]).toEqual([0, 16]);
    mailbox.close();
    expect(mailbox.backlog.pendingBytes).toBe(0);
  });

  test('fractional sizes leave no remainder', () => {
    const { mailbox, done } = sized({ capacity: 9, capacityBytes: 9 });
    for (const n of [1, 0.1, 0.2, 0.3]) mailbox.offer(n);
    for (let i = 0; i < 4; i++) done();
    expect(mailbox.backlog.pendingBytes).toBe(0);
  });

  test('a subscriber that closes inside sizeOf is not offered that event', () => {
    const broker = eventBroker<A>({
      sizeOf: () => {
        subscription.unsubscribe();
        return 1;
      },
    });
    const tallies: unknown[] = [];
    let calls = 0;
    broker.notices$.pipe(ofType('Closed')).subscribe(({ tally }) => tallies.push(tally));
    const subscription = broker.subscribe({ required: true, highWaterMarkBytes: 9, next: () => (calls += 1) });
    broker.send(a(1));
    expect([tallies, calls]).toMatchObject([[{ offered: 0, pending: 0 }], 0]);
  });
});

describe('B18e an invalid size', () => {
  test.each([['throws'], [NaN], [-1], [Infinity], ['7'], [undefined], [null]])(
    '%s: the delivery of that event fails in its turn, untried, and nothing is stuck',
    size => {
      const failed: unknown[] = [];
      const seen: unknown[] = [];
      const works: Subject<void>[] = [];
      const broker = eventBroker<A>({ sizeOf });
      broker.notices$.pipe(ofType('Failed')).subscribe(({ events, error, attempts }) => {
        failed.push([events.map(event => event.size), (error as Error).message.slice(0, 30), attempts]);
      });
      const next = ({ size: n }: A) => {
        seen.push(n);
        works.push(new Subject());
        return works.at(-1)!;
      };
      broker.subscribe({ required: true, onFailure: 'continue', retry: 3, highWaterMarkBytes: 10, next });
      for (const n of [1, size, 2]) broker.send(a(n));
      expect([seen, failed]).toEqual([[1], []]);
      works[0]!.complete();
      const words = size === 'throws' ? 'no size' : 'sizeOf: expected a function th';
      expect([seen, failed]).toEqual([[1, 2], [[[size], words, 0]]]);
      works[1]!.complete();
      expect(broker.snapshot().subscribers).toMatchObject([{ offered: 3, delivered: 2, failed: 1, pending: 0 }]);
    },
  );

  test('of one event of a batch: the whole call fails, as with any failure', () => {
    const broker = eventBroker<A>({ sizeOf });
    broker.notices$.subscribe();
    broker.subscribe({ required: false, capacityBytes: 10, nextBatch: () => undefined });
    broker.sendBatch([a(1), a('throws'), a(2)]);
    broker.sendBatch([a(1)]);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 4, delivered: 1, failed: 3, pending: 0 }]);
  });

  test('with stop the broker stops, with the error as its cause', () => {
    const broker = eventBroker<A>({ sizeOf });
    broker.subscribe({ name: 'bank', required: true, highWaterMarkBytes: 10, next: () => undefined });
    expect(() => broker.send(a('throws'))).toThrow(/bank.*no size|no size/);
  });
});

describe('B18g a bound in bytes without sizeOf is an OptionError at the call', () => {
  test.each<[string, () => unknown, string]>([
    [
      'subscribe',
      () => eventBroker().subscribe({ required: true, highWaterMarkBytes: 1, next: () => 1 }),
      'eventBroker',
    ],
    ['subscribe', () => eventBroker().subscribe({ required: false, capacityBytes: 1, next: () => 1 }), 'eventBroker'],
    ['backpressure', () => backpressure({ required: true, highWaterMarkBytes: 1, project: () => [] }), 'backpressure'],
  ])('%s', (_, call, where) => {
    expect(call).toThrow(`Bytes: expected the option sizeOf of ${where} as well, found 1`);
  });

  test('a stream errors with it; no id is used up', () => {
    const broker = eventBroker();
    const errors: unknown[] = [];
    broker.stream({ required: false, capacityBytes: 1 }).subscribe({ error: ({ name }: Error) => errors.push(name) });
    expect([errors, broker.subscribe({ required: true, next: () => 1 }).id]).toEqual([['OptionError'], 1]);
  });
});

test('B18i maxPending counts events only', () => {
  const broker = eventBroker<{ readonly type: 'A' }>({ maxPending: 2, sizeOf: () => 1000 });
  broker.subscribe({ required: true, highWaterMarkBytes: 10, next: () => NEVER });
  expect([broker.send({ type: 'A' }), broker.send({ type: 'A' })]).toEqual([false, false]);
  expect(() => broker.send({ type: 'A' })).toThrow('the backlog is full (pending: 2, maxPending: 2)');
});

describe('B18h sizeOf of a fan-out', () => {
  test('replaces the length of views', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const source = pausableCold('ab-----c|', { a: 'aaaa', b: 'bbbb', c: 'c' });
      const sizes = { bufferBytes: 8, sizeOf: (text: string) => text.length };
      const shared = fanOut(source, { expectedSubscribers: 1, ...sizes });
      expectObservable(shared(level('t---f'))).toBe('----(ab)--c|', { a: 'aaaa', b: 'bbbb', c: 'c' });
      expectPauses(source).toBe('-t--f');
    });
  });

  test('if it throws, the branches end with its error', () => {
    const errors: unknown[] = [];
    const shared = fanOut(of(a(1), a('throws')), { expectedSubscribers: 2, sizeOf });
    for (let i = 0; i < 2; i++) shared(of(false)).subscribe({ error: ({ message }: Error) => errors.push(message) });
    expect(errors).toEqual(['no size', 'no size']);
  });
});

/** What is offered: its bytes, or `undefined` if they are not known; or the delivery in hand ends. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 3, 5, 8) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: fc.constant('done' as const) },
  ),
  { minLength: 5, maxLength: 60 },
);

/** A plain list of what waits, in front of one place. */
class Model {
  inHand: { readonly n: number; readonly bytes: number } | undefined;
  waiting: { readonly n: number; readonly size: number | undefined }[] = [];
  saturated = false;
  readonly begun: number[] = [];
  readonly tally = { offered: 0, delivered: 0, failed: 0, dropped: 0 };
  readonly #bound: {
    readonly events: number;
    readonly bytes: number;
    readonly drops: 'none' | 'dropNewest' | 'dropOldest';
  };

  constructor(bound: Model['bound']) {
    this.#bound = bound;
  }

  get bound() {
    return this.#bound;
  }

  get waitingBytes(): number {
    return this.waiting.reduce((sum, { size = 0 }) => sum + size, 0);
  }

  get pending(): number {
    return this.waiting.length + (this.inHand === undefined ? 0 : 1);
  }

  get bytes(): number {
    return this.waitingBytes + (this.inHand?.bytes ?? 0);
  }

  offer(n: number, size: number | undefined): void {
    this.tally.offered++;
    const { events, bytes, drops } = this.#bound;
    const fits = () => this.waiting.length + 1 <= events && this.waitingBytes + (size ?? 0) <= bytes;
    if (drops === 'none' || this.pending === 0 || fits()) this.waiting.push({ n, size });
    else if (drops === 'dropNewest' || events < 1 || (size ?? 0) > bytes) this.tally.dropped++;
    else {
      for (; !fits(); this.tally.dropped++) this.waiting.shift();
      this.waiting.push({ n, size });
    }
    this.#level();
    this.#take();
  }

  done(): void {
    if (this.inHand === undefined) return;
    this.inHand = undefined;
    this.tally.delivered++;
    this.#take();
  }

  #take(): void {
    while (this.inHand === undefined && this.waiting.length > 0) {
      const { n, size } = this.waiting.shift()!;
      if (size === undefined) this.tally.failed++;
      else {
        this.inHand = { n, bytes: size };
        this.begun.push(n);
      }
    }
    this.#level();
  }

  #level(): void {
    const { events, bytes, drops } = this.#bound;
    if (drops !== 'none') return;
    this.saturated = this.saturated
      ? this.pending > Math.floor(events / 2) || this.bytes > bytes / 2
      : this.pending >= events || this.bytes >= bytes;
  }
}

describe('B18a B18b B18e for any events, a mailbox with bounds in bytes behaves like a plain list', () => {
  test.each(['none', 'dropNewest', 'dropOldest'] as const)('%s', drops => {
    let dropped = 0;
    let failed = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 }), steps, (events, bytes, all) => {
        const model = new Model({ events, bytes, drops });
        const sizes: (number | undefined)[] = [];
        const bytesOf = sizeBy(single, n => sizes[n] as number);
        const bound =
          drops === 'none'
            ? { highWaterMark: events, highWaterMarkBytes: bytes }
            : { capacity: events, capacityBytes: bytes, overflow: drops };
        const { mailbox, done, log } = logged({ bytesOf, ...bound });
        for (const step of all) {
          if (step === 'done') {
            if (model.inHand !== undefined) done();
            model.done();
          } else {
            const n = sizes.push(step) - 1;
            mailbox.offer(n);
            model.offer(n, step);
          }
          const { capacityBytes, pendingBytes, waitingBytes, saturated } = mailbox.backlog;
          expect({ capacityBytes, pendingBytes, waitingBytes, saturated, tally: mailbox.tally() }).toEqual({
            capacityBytes: drops === 'none' ? Infinity : bytes,
            pendingBytes: model.bytes,
            waitingBytes: model.waitingBytes,
            saturated: model.saturated,
            tally: { ...model.tally, skipped: 0, pending: model.pending },
          });
        }
        expect(log.filter(line => line.startsWith('start'))).toEqual(model.begun.map(n => `start ${n}`));
        dropped += model.tally.dropped;
        failed += model.tally.failed;
      }),
      { numRuns: process.env['MUTATE'] === undefined ? 300 : 60 },
    );
    expect([dropped > 0, failed > 0]).toEqual([drops !== 'none', true]);
  });
});
