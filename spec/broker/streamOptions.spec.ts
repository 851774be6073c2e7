import { describe, expect, test } from '@jest/globals';
import { NEVER, of, type Observable } from 'rxjs';
import { gather } from '../../lib/flow/strategies/gather.js';
import { a, b, still, type Letter } from './events.js';

describe('B16 the options of a stream', () => {
  test('B16a it is cold: each subscription is one of the broker, with the same options', () => {
    const broker = still();
    const options = { required: false, name: 'tail', types: ['A'], capacity: 1 } as const;
    const stream$ = broker.stream({ ...options, project: () => NEVER });
    expect(broker.snapshot().subscribers).toEqual([]);
    broker.subscribe({ ...options, next: () => NEVER });
    stream$.subscribe();
    stream$.subscribe();
    for (const event of [a(1), b(2), a(3), a(4)]) broker.send(event);
    const [subscribed, ...streams] = broker.snapshot().subscribers;
    expect(subscribed).toMatchObject({ name: 'tail', offered: 3, pending: 2, dropped: 1 });
    expect(streams).toEqual([2, 3].map(n => ({ ...subscribed, id: n, key: n })));
  });

  test('an instance of a class is a stream: its project is bound, its other fields are its own', () => {
    class Doubling {
      readonly required = true;
      readonly factor = 2;
      project({ n }: Letter): Observable<number> {
        return of(n * this.factor);
      }
    }
    const broker = still();
    const got: unknown[] = [];
    broker.stream(new Doubling()).subscribe(n => got.push(n));
    broker.send(a(3));
    expect(got).toEqual([6]);
  });

  test('an own project is called as a plain function, with the event and nothing else', () => {
    const broker = still();
    const calls: unknown[] = [];
    const project = function (this: unknown, ...args: unknown[]): Observable<number> {
      calls.push([this, args]);
      return of(1);
    };
    broker.stream({ required: true, project }).subscribe();
    broker.send(a(1));
    // `toEqual` would accept `[a(1), undefined]`
    expect(calls).toStrictEqual([[undefined, [a(1)]]]);
  });

  test.each([
    ['a project that is no function', { required: true, project: 5 }, 'project'],
    ['a project that is null', { required: false, project: null }, 'project'],
    ['gather, without nextBatch', { required: false, gather: gather({ maxSize: 2 }) }, 'gather'],
    ['a handler, which nobody would call', { required: false, next: () => undefined }, 'next'],
  ])('O5 %s is rejected', (_, options, option) => {
    const broker = still();
    const errors: unknown[] = [];
    broker.stream(options as never).subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject([{ name: 'OptionError', option }]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
