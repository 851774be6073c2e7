// User code that runs while a delivery ends may let virtual time pass: a teardown, an observer of values or of notices. The time
// limit of the delivery that ends is over then, and that of another one may be reached.
import './invariants.js';
import { describe, expect, test } from '@jest/globals';
import { finalize, NEVER, Observable, Subject } from 'rxjs';
import { eventBroker, lanes } from 'rx-event-broker';
import { turn, virtual, type Event } from './promised.js';

const LIMIT = 10;

/** A broker whose one handler logs its calls, and a clock. Only the first delivery ends. */
const started = (work: (clock: (ms: number) => void) => unknown, more: object) => {
  const { scheduler, clock } = virtual();
  const broker = eventBroker<Event>({ scheduler });
  const log: string[] = [];
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Failed') log.push(`failed ${notice.events.map(({ n }) => n).join()} after ${notice.attempts}`);
  });
  broker.subscribe({
    required: true,
    onFailure: 'continue',
    failAfter: LIMIT,
    stallAfter: Infinity,
    ...more,
    next: ({ n }) => {
      log.push(`begins ${n}`);
      return (n === 1 ? work(clock) : NEVER) as Observable<unknown>;
    },
  });
  const send = (...numbers: readonly number[]): void => {
    for (const n of numbers) broker.send({ type: 'A', n });
  };
  return { log, send, clock, row: () => broker.snapshot().subscribers[0] };
};

/** Work that ends by hand, and whose teardown takes this long. */
const slowToLeave = (ms: number, ended$: Observable<unknown>, clock: (ms: number) => void) =>
  new Observable(subscriber => {
    subscriber.add(ended$.subscribe(subscriber));
    return () => clock(ms);
  });

describe.each([
  ['one at a time', {}],
  ['in lanes', { lanes: lanes({ concurrency: 1, by: () => 0 }) }],
])('B15i the time limit of a delivery that ends, %s', (_, more) => {
  test('work that has completed is delivered, however long its teardown takes', () => {
    const ended$ = new Subject<void>();
    const { log, send, row } = started(clock => slowToLeave(LIMIT, ended$, clock), more);
    send(1, 2);
    ended$.complete();
    expect(log).toEqual(['begins 1', 'begins 2']);
    expect(row()).toMatchObject({ delivered: 1, failed: 0, pending: 1 });
  });

  test('work that has failed is tried again once, however long its teardown takes', () => {
    const ended$ = [new Subject<void>(), new Subject<void>()];
    const [first, second] = ended$;
    const { log, send, row } = started(clock => slowToLeave(LIMIT, ended$.shift()!, clock), { ...more, retry: 5 });
    send(1, 2);
    first!.error(new Error('broken'));
    expect(log).toEqual(['begins 1', 'begins 1']);
    second!.complete();
    expect(log).toEqual(['begins 1', 'begins 1', 'begins 2']);
    expect(row()).toMatchObject({ delivered: 1, failed: 0, pending: 1 });
  });

  test('work that is cut off fails once, however long its teardown takes', () => {
    const left: string[] = [];
    const work = (wait: (ms: number) => void) =>
      slowToLeave(3 * LIMIT, NEVER.pipe(finalize(() => left.push('left'))), wait);
    const { log, send, clock, row } = started(work, { ...more, retry: 1 });
    send(1);
    clock(LIMIT);
    clock(LIMIT);
    expect([log, left]).toEqual([
      ['begins 1', 'begins 1', 'failed 1 after 2'],
      ['left', 'left'],
    ]);
    expect(row()).toMatchObject({ delivered: 0, failed: 1, pending: 0 });
  });

  test('a Promise that is fulfilled is delivered, however long the observer of its value takes', async () => {
    const { scheduler, clock } = virtual();
    const broker = eventBroker<Event>({ scheduler });
    const log: string[] = [];
    const work = ({ n }: Event): Promise<number> => {
      log.push(`begins ${n}`);
      return n === 1 ? Promise.resolve(n) : new Promise(() => undefined);
    };
    broker
      .stream({ ...more, required: true, failAfter: LIMIT, retry: 1, stallAfter: Infinity, project: work })
      .subscribe(n => {
        log.push(`value ${n}`);
        clock(LIMIT);
      });
    broker.send({ type: 'A', n: 1 });
    broker.send({ type: 'A', n: 2 });
    await turn();
    expect(log).toEqual(['begins 1', 'value 1', 'begins 2']);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, failed: 0, pending: 1 }]);
  });
});
