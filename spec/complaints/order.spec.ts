// ReactiveX/rxjs #6580, #5173: who emits into a Subject from inside a subscriber turns the order around for
// those who subscribed later: they see the newer value first, and are left with the older one.
import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { eventBroker } from 'rx-event-broker';

interface Step {
  readonly type: 'Step';
  readonly n: number;
}
const step = (n: number): Step => ({ type: 'Step', n });

describe('an event that is sent while another one is handled', () => {
  test('a Subject gives it to later subscribers before the event that caused it', () => {
    const subject = new Subject<number>();
    const later: number[] = [];
    subject.subscribe(n => {
      if (n < 3) subject.next(n + 1);
    });
    subject.subscribe(n => later.push(n));
    subject.next(1);
    expect(later).toEqual([3, 2, 1]);
  });

  test('B9a a broker hands it over after the first one has reached every subscriber', () => {
    const broker = eventBroker<Step>();
    const later: number[] = [];
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        if (n < 3) broker.send(step(n + 1));
      },
    });
    broker.subscribe({ required: true, next: ({ n }) => void later.push(n) });
    broker.send(step(1));
    expect(later).toEqual([1, 2, 3]);
  });
});
