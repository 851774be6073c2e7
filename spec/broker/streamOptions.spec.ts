import { describe, expect, test } from '@jest/globals';
import { of, type Observable } from 'rxjs';
import { a, still, type Letter } from './events.js';

describe('B16 the options of a stream', () => {
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

  test('an own project is called as a plain function', () => {
    const broker = still();
    const receivers: unknown[] = [];
    const project = function (this: unknown): Observable<number> {
      receivers.push(this);
      return of(1);
    };
    broker.stream({ required: true, project }).subscribe();
    broker.send(a(1));
    expect(receivers).toEqual([undefined]);
  });

  test.each([
    ['a project that is no function', { required: true, project: 5 }, 'project'],
    ['a project that is null', { required: false, project: null }, 'project'],
    ['a handler, which nobody would call', { required: false, next: () => undefined }, 'next'],
  ])('O5 %s is rejected', (_, options, option) => {
    const broker = still();
    const errors: unknown[] = [];
    broker.stream(options as never).subscribe({ error: error => errors.push(error) });
    expect(errors).toMatchObject([{ name: 'OptionError', option }]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
