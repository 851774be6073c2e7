import '../../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concat, NEVER, of } from 'rxjs';
import { eventBroker, gather, replay, type BrokerOptions, type EventBroker } from 'rx-event-broker';
import { ReplayedQueue } from '../../../lib/broker/strategies/ReplayedQueue.js';
import type { Gap } from '../../../lib/flow/contract/Gap.js';
import { BoundedQueue } from '../../../lib/flow/mailbox/BoundedQueue.js';
import { batchOfEvents, type Measure } from '../../../lib/flow/mailbox/Measure.js';
import type { OnLost } from '../../../lib/flow/mailbox/UnitQueue.js';
import { runMarbles } from '../../../lib/testing/marbles/runMarbles.js';
import { a, b, c, type Tick } from '../ticks.js';

type Batch = readonly number[];
const measure = batchOfEvents as Measure<Batch, number>;

/** A batch of this many events comes in one of three ways, or the next delivery begins. */
type Step = { readonly do: 'replay' | 'offer' | 'push'; readonly events: number } | { readonly do: 'deliver' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('replay' as const, 'offer' as const, 'push' as const),
    events: fc.integer({ min: 1, max: 6 }),
  }),
  fc.constant({ do: 'deliver' as const }),
);

/** What was lost, by the order of its events. */
type Lost = Parameters<OnLost<Batch>>;
const inOrder = (lost: Lost[]): Lost[] => lost.sort(([one], [other]) => one[0]! - other[0]!);

const pieces = (batch: Batch, most: number): Batch[] =>
  batch.length === 0 ? [] : [batch.slice(0, most), ...pieces(batch.slice(most), most)];

describe('B21g the queue of a late subscriber', () => {
  test('B21f B21i is a list of replayed units before a bounded queue of those that were sent', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.record({ maxSize: fc.integer({ min: 1, max: 4 }), capacity: fc.nat(6), isInspected: fc.boolean() }),
        (steps, { maxSize, capacity, isInspected }) => {
          const bound = { capacity, overflow: 'dropOldest', bytesOf: () => 0 } as const;
          const opened: Gap<number>[][] = [[], []];
          const bounded = (gaps: Gap<number>[]) =>
            new BoundedQueue<Batch, number>(measure, bound, gap => gaps.push(gap));
          let isReplaying = false;
          const of = { isReplaying: () => isReplaying, maxSize };
          const queue = new ReplayedQueue<Batch, number>(measure, of, bounded(opened[0]!));
          const replayed: Batch[] = [];
          const sent = bounded(opened[1]!);
          const lost: Lost[] = [];
          const expectedLost: Lost[] = [];
          if (isInspected) {
            queue.lost = (...what) => void lost.push(what);
            sent.lost = (...what) => void expectedLost.push(what);
          }
          let next = 0;
          const check = () => {
            const waiting = replayed.flat();
            expect(queue.events).toBe(waiting.length + sent.events);
            expect(queue.empty).toBe(waiting.length + sent.events === 0);
            expect(queue.first).toEqual(replayed[0] ?? sent.first);
            expect([queue.bytes, queue.dropped]).toEqual([sent.bytes, sent.dropped]);
            expect([queue.isGathering, queue.isDue(false), lost]).toEqual([false, true, expectedLost]);
            expect(opened[0]).toEqual(opened[1]);
          };

          for (const it of steps) {
            if (it.do === 'deliver') {
              if (queue.empty) continue;
              expect(queue.takeGap()).toEqual(replayed.length > 0 ? undefined : sent.takeGap());
              const size = replayed.length > 0 ? 0 : undefined;
              expect(queue.shift()).toEqual(replayed.shift() ?? sent.shift());
              expect(queue.sizeTaken).toBe(size ?? sent.sizeTaken);
            } else {
              const batch = Array.from({ length: it.events }, () => next++);
              const size = it.events * 10;
              isReplaying = it.do === 'replay';
              if (isReplaying) {
                replayed.push(...pieces(batch, maxSize));
                // a batch is pushed if nothing waits, and offered otherwise
                if (queue.empty) queue.push(batch, it.events, size);
                else expect(queue.offer(batch, it.events, size)).toBe(true);
              } else if (it.do === 'push') {
                queue.push(batch, it.events, size);
                sent.push(batch, it.events, size);
              } else expect(queue.offer(batch, it.events, size)).toBe(sent.offer(batch, it.events, size));
            }
            check();
          }

          queue.flush();
          check();
          const gaps = sent.clear();
          const last = gaps.at(-1);
          const closed = last?.reason === 'closed' ? last : undefined;
          const all = replayed.flat();
          const whole = {
            count: all.length + (closed?.count ?? 0),
            reason: 'closed',
            first: all[0] ?? closed?.first,
            last: closed?.last ?? all.at(-1),
          };
          const expected = [...gaps.filter(gap => gap !== closed), ...(whole.count > 0 ? [whole] : [])];
          expect(queue.unreported()).toEqual(expected);
          expect(queue.clear()).toEqual(expected);
          if (isInspected) for (const unit of replayed.splice(0)) expectedLost.push([unit, 'closed', false]);
          expect(inOrder(lost)).toEqual(inOrder(expectedLost));
          expect([queue.events, queue.empty, queue.first]).toEqual([0, true, undefined]);
          expect(queue.dropped).toBe(sent.dropped + all.length);
          expect(queue.clear()).toEqual([]);
        },
      ),
    );
  });
});

describe('B21g a late subscriber that waits', () => {
  const keeping = (options: BrokerOptions<Tick> = {}): EventBroker<Tick> =>
    eventBroker<Tick>({ replay: replay(), ...options });
  /** The stalls that a broker announces, each with the oldest event that waits, and how many wait after it. */
  const stalls = (broker: EventBroker<Tick>): readonly unknown[] => {
    const told: unknown[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Stalled') told.push([notice.event?.n, notice.waiting]);
    });
    return told;
  };

  test('B15 is announced with the oldest event, replayed or sent', () => {
    const told: (readonly unknown[])[] = [];
    runMarbles(({ cold }) => {
      const hold$ = concat(of(true), NEVER);
      for (const kept of [[a(1), b(2)], []]) {
        const broker = keeping();
        told.push(stalls(broker));
        broker.sendBatch(kept);
        broker.subscribe({ required: false, since: 'replay', hold$, stallAfter: 5, next: () => undefined });
        cold('--(cd)', { c: c(3), d: a(4) }).subscribe(event => broker.send(event));
      }
    });
    expect(told).toEqual([[[1, 3]], [[3, 1]]]);
  });

  const gathered = (broker: EventBroker<Tick>, tell: (batch: string) => void): void => {
    broker.subscribe({
      required: false,
      since: 'replay',
      gather: gather({ maxSize: 3, maxWait: 20 }),
      stallAfter: 5,
      nextBatch: batch => tell(batch.map(({ n }) => n).join()),
    });
  };

  test('for more events to gather does so after its replay, which is not a stall', () => {
    const got: string[] = [];
    const told: (readonly unknown[])[] = [];
    runMarbles(({ cold }) => {
      const broker = keeping();
      told.push(stalls(broker));
      broker.sendBatch([a(1), b(2)]);
      gathered(broker, batch => got.push(batch));
      cold('--(cd)', { c: c(3), d: a(4) }).subscribe(event => broker.send(event));
      cold('3ms x').subscribe(() => got.push('later'));
      cold('21ms x').subscribe(() => got.push('still'));
    });
    expect([got, told]).toEqual([['1,2', 'later', 'still', '3,4'], [[]]]);
  });

  test('B11 for more events to gather gets those of a source when that completes', () => {
    const broker = keeping();
    const got: string[] = [];
    gathered(broker, batch => got.push(batch));
    broker.receive(of(a(1), a(2))).subscribe();
    expect(got).toEqual(['1,2']);
    broker.close();
  });
});
