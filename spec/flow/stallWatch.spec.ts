import { describe, expect, jest, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { stallWatch } from '../../lib/flow/mailbox/stallWatch.js';

/** A scheduler that says how many actions wait. */
const virtual = () => {
  const scheduler = new VirtualTimeScheduler();
  const told: [string, number, number][] = [];
  const watch = stallWatch<string>(scheduler, (who, since) => told.push([who, since, scheduler.now()]));
  const at = (time: number, act: () => void) => scheduler.schedule(act, time);
  return { scheduler, watch, told, at };
};

describe('B15 the stall watch', () => {
  test('reports once, after stallAfter, with the start of the stall', () => {
    const { scheduler, watch, told, at } = virtual();
    at(3, () => watch.startWait('a', 10));
    scheduler.flush();
    expect(told).toEqual([['a', 3, 13]]);
  });

  test('progress restarts the time, and a later stall is reported again', () => {
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

  test('each has its own time, and a shorter one added later is reported first', () => {
    const { scheduler, watch, told, at } = virtual();
    watch.startWait('a', 20);
    at(5, () => watch.startWait('b', 2));
    scheduler.flush();
    expect(told).toEqual([
      ['b', 5, 7],
      ['a', 0, 20],
    ]);
  });

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

  test('B14c the last one rests: the timer is gone; another one does: it is not', () => {
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
  const watch = stallWatch<string>(scheduler, who => {
    told.push(who);
    watch.endWait('b');
  });
  watch.startWait('a', 10);
  watch.startWait('b', 10);
  scheduler.flush();
  expect(told).toEqual(['a']);
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
    expect(written).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });
});
