import { describe, expect, jest, test } from '@jest/globals';
import { Subscriber } from 'rxjs';
import { anyTrue } from '../../lib/flow/level/anyTrue.js';

describe('B12 levels joined by "any"', () => {
  test('rises with the first and falls with the last', () => {
    const any = anyTrue();
    const heard: (boolean | string)[] = [];
    any.level$.subscribe({ next: level => heard.push(level), complete: () => heard.push('end') });
    any.raise();
    any.raise();
    any.lower();
    expect([any.value, heard]).toEqual([true, [false, true]]);
    any.lower();
    any.raise();
    expect(heard).toEqual([false, true, false, true]);
    any.end();
    expect([any.value, heard]).toEqual([false, [false, true, false, true, false, 'end']]);
  });

  test('a later listener gets the current level', () => {
    const any = anyTrue();
    any.raise();
    const heard: boolean[] = [];
    any.level$.subscribe(level => heard.push(level));
    expect(heard).toEqual([true]);
  });

  test('a listener gets the current value, even if it changes during the notification', () => {
    const any = anyTrue();
    const first: boolean[] = [];
    const second: boolean[] = [];
    any.level$.subscribe(level => {
      first.push(level);
      if (level && first.length === 2) any.lower();
    });
    any.level$.subscribe(level => second.push(level));
    any.raise();
    expect(first).toEqual([false, true, false]);
    expect(second).toEqual([false]);
    any.raise();
    expect(second).toEqual([false, true]);
  });

  test('a listener that throws does not stop other notifications, nor the change of the level', () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const any = anyTrue();
    const heard: (boolean | string)[] = [];
    const fails = (): never => {
      throw new Error('broken');
    };
    // RxJS guards the handlers of an observer, and not those of one of its own
    any.level$.subscribe(
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      new Subscriber<boolean>({
        next: level => {
          if (level) fails();
        },
        error: fails,
        complete: fails,
      }),
    );
    any.level$.subscribe({ next: level => heard.push(level), complete: () => heard.push('end') });
    any.raise();
    any.lower();
    any.end();
    expect(heard).toEqual([false, true, false, 'end']);
    expect(written.mock.calls.map(([words]) => words as unknown)).toEqual(
      Array.from({ length: 2 }, () => 'rx-event-broker: a source threw when pause$ changed'),
    );
    written.mockRestore();
  });

  test('a listener that has left is not notified, even if it leaves during a notification', () => {
    const any = anyTrue();
    const heard: boolean[] = [];
    any.level$.subscribe(level => {
      if (level) second.unsubscribe();
    });
    const second = any.level$.subscribe(level => heard.push(level));
    any.raise();
    any.lower();
    expect(heard).toEqual([false]);
  });
});
