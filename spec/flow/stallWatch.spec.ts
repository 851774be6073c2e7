import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { backpressure, eventBroker } from 'rx-event-broker';
import { asyncScheduler, concat, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { stallWatch } from '../../lib/flow/mailbox/stallWatch.js';

interface Named {
  readonly name: string;
  steps: number;
}
const all = new Map<string, Named>();
const one = (name: string): Named => {
  const found = all.get(name) ?? { name, steps: 0 };
  all.set(name, found);
  return found;
};

/** A watch on a scheduler of virtual time. */
const virtual = (keepsAlive?: boolean) => {
  const scheduler = new VirtualTimeScheduler();
  const told: [string, number, number][] = [];
  const named = stallWatch<Named>(
    scheduler,
    ({ name }, since) => told.push([name, since, scheduler.now()]),
    keepsAlive,
  );
  const watch = {
    startWait: (name: string, stallAfter: number) => named.startWait(one(name), stallAfter),
    endWait: (name: string) => named.endWait(one(name)),
  };
  const at = (time: number, act: () => void) => scheduler.schedule(act, time);
  return { scheduler, watch, told, at };
};

describe('B15 the stall watch', () => {
  test('B14b reports once, after stallAfter, with the start of the stall', () => {
    const { scheduler, watch, told, at } = virtual();
    at(3, () => watch.startWait('a', 10));
    scheduler.flush();
    expect(told).toEqual([['a', 3, 13]]);
  });

  test('progress resets the time, and a later stall is reported again', () => {
    const { scheduler, watch, told, at } = virtual();
    watch.startWait('a', 10);
    at(9, () => watch.startWait('a', 10));
    at(30, () => watch.startWait('a', 10));
    scheduler.flush();
    expect(told).toEqual([
      ['a', 9, 19],
      ['a', 30, 40],
    ]);
  });

  test.each([false, true])(
    'each has its own time, and a shorter one added later is reported first, keeping the process alive: %s',
    keepsAlive => {
      const { scheduler, watch, told, at } = virtual(keepsAlive);
      watch.startWait('a', 20);
      at(5, () => watch.startWait('b', 2));
      scheduler.flush();
      expect(told).toEqual([
        ['b', 5, 7],
        ['a', 0, 20],
      ]);
    },
  );

  test('B14c if nothing waits, nothing is scheduled', () => {
    const { scheduler, watch, told, at } = virtual();
    watch.startWait('a', 1000);
    watch.startWait('b', 1000);
    watch.startWait('c', Infinity);
    at(5, () => {
      watch.endWait('a');
      watch.endWait('b');
      watch.endWait('nobody');
    });
    scheduler.flush();
    expect(told).toEqual([]);
    expect(scheduler.now()).toBe(5);
  });

  test('B14c when the last wait ends, the timer is cleared; when another one does, it is kept', () => {
    const { scheduler, watch, told, at } = virtual();
    watch.startWait('a', 1000);
    at(5, () => watch.endWait('a'));
    scheduler.flush();
    expect([told, scheduler.now()]).toEqual([[], 5]);
    watch.startWait('b', 10);
    watch.endWait('nobody');
    scheduler.flush();
    expect(told).toEqual([['b', 5, 15]]);
  });
});

test('B15 one that stops waiting while another stall is reported is not reported', () => {
  const scheduler = new VirtualTimeScheduler();
  const told: string[] = [];
  const watch = stallWatch<Named>(scheduler, ({ name }) => {
    told.push(name);
    watch.endWait(one('b'));
  });
  watch.startWait(one('a'), 10);
  watch.startWait(one('b'), 10);
  scheduler.flush();
  expect(told).toEqual(['a']);
});

describe('B15 in real time, where steps are only counted', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1e12 });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const real = () => {
    const told: [string, number, number][] = [];
    const start = Date.now();
    const watch = stallWatch<Named>(asyncScheduler, ({ name }, since) =>
      told.push([name, since - start, Date.now() - start]),
    );
    return { watch, told, who: (name: string): Named => ({ name, steps: 0 }) };
  };

  test('a wait without any step is reported after stallAfter, once', () => {
    const { watch, told, who } = real();
    watch.startWait(who('a'), 800);
    expect(watch.isExact).toBe(false);
    jest.advanceTimersByTime(5_000);
    expect(told).toEqual([['a', 0, 800]]);
  });

  test('B15g after a step, a stall is reported at a later check; a new stall is reported again', () => {
    const { watch, told, who } = real();
    const a = who('a');
    watch.startWait(a, 800);
    jest.advanceTimersByTime(750);
    a.steps++;
    jest.advanceTimersByTime(2_000);
    expect(told).toEqual([['a', 800, 1600]]);
    a.steps++;
    jest.advanceTimersByTime(2_000);
    expect(told).toHaveLength(2);
  });

  test('B14c its timer runs out when nothing waits, and the next wait starts a new one', () => {
    const { watch, told, who } = real();
    const a = who('a');
    watch.startWait(a, 800);
    watch.endWait(a);
    jest.advanceTimersByTime(101);
    expect(jest.getTimerCount()).toBe(0);
    watch.startWait(a, 800);
    jest.advanceTimersByTime(900);
    expect(told).toEqual([['a', 101, 901]]);
  });

  test('B15o a subscriber that leaves clears the timer, unless another one waits', () => {
    const { watch, told, who } = real();
    const [a, b] = [who('a'), who('b')];
    watch.startWait(a, 800);
    watch.startWait(b, 800);
    watch.leave(a);
    expect(jest.getTimerCount()).toBe(1);
    watch.endWait(b);
    expect(jest.getTimerCount()).toBe(1);
    watch.leave(b);
    expect(jest.getTimerCount()).toBe(0);
    watch.startWait(a, 800);
    jest.advanceTimersByTime(900);
    expect(told).toEqual([['a', 0, 800]]);
  });

  test.each([{ failAfter: 3_600_000 }, { stallAfter: 3_600_000 }])(
    'B15o a subscriber that has left is not kept in memory by a timer: %j',
    options => {
      const broker = eventBroker();
      const subscription = broker.subscribe({ required: true, ...options, next: () => NEVER });
      broker.send({ type: 'A' });
      const stream = backpressure(concat(of(1), NEVER), {
        required: true,
        ...options,
        project: () => NEVER,
      }).subscribe();
      expect(jest.getTimerCount()).toBeGreaterThanOrEqual(2);
      subscription.unsubscribe();
      stream.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  test('B15h its timer keeps no process alive', () => {
    jest.useRealTimers();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const { watch, who } = real();
    const a = who('a');
    watch.startWait(a, 800);
    const timer = timers.mock.results[0]!.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    watch.leave(a);
  });

  test('after a report it looks for the next step a few times per stallAfter', () => {
    const { watch, told, who } = real();
    watch.startWait(who('a'), 800);
    jest.advanceTimersByTime(800);
    expect(told).toHaveLength(1);
    const timers = jest.spyOn(globalThis, 'setTimeout');
    jest.advanceTimersByTime(800);
    expect(timers.mock.calls.length).toBeLessThanOrEqual(8);
  });

  test('B15f a time longer than a timer can wait', () => {
    const { watch, told, who } = real();
    watch.startWait(who('a'), 2 ** 40);
    jest.advanceTimersByTime(10);
    expect([told, jest.getTimerCount()]).toEqual([[], 1]);
  });

  test('B15e a clock that is set does not change the duration', () => {
    const { watch, told, who } = real();
    watch.startWait(who('a'), 800);
    jest.setSystemTime(1.5e12);
    jest.advanceTimersByTime(799);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toHaveLength(1);
  });

  test('B14a a TestScheduler that takes over is exact', () => {
    const { watch, told, who } = real();
    const a = who('a');
    watch.startWait(a, 800);
    new TestScheduler(() => undefined).run(() => {
      watch.startWait(a, 10);
      asyncScheduler.schedule(() => watch.startWait(a, 10), 9);
    });
    expect([told.length, watch.isExact]).toEqual([1, true]);
  });

  test('B14a in a TestScheduler that takes over, the time may be later than what real time waits for', () => {
    const { watch, told, who } = real();
    const a = who('a');
    watch.startWait(a, 800);
    new TestScheduler(() => undefined).run(() => watch.startWait(a, 1e10));
    expect(told).toHaveLength(1);
  });
});

describe('B10 a scheduler that throws once, by its timer or by its clock, does not end the watch', () => {
  test.each(['schedule', 'now'] as const)('%s', method => {
    const { scheduler, watch, told, at } = virtual();
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    watch.startWait('a', 10);
    at(9, () => {
      watch.startWait('a', 10);
      jest.spyOn(scheduler, method).mockImplementationOnce(() => {
        throw new Error('no time');
      });
    });
    at(30, () => watch.startWait('b', 10));
    scheduler.flush();
    expect(told.map(([who, , when]) => [who, when])).toContainEqual(['b', 40]);
    expect(written.mock.calls).toEqual([['rx-event-broker: a scheduler threw', new Error('no time')]]);
    jest.restoreAllMocks();
  });
});
