import { expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { eventBroker, type Gap } from 'rx-event-broker';
import { answerUntold, askingMissed, untoldOf } from '../../lib/flow/contract/answerUntold.js';

interface Tick {
  readonly type: 'Tick';
  readonly n: number;
}

test('a missed that can be asked gives the gaps that it was not told, and what waits, until its subscriber is closed', () => {
  const broker = eventBroker<Tick>();
  const told: Gap<Tick>[] = [];
  const missed = askingMissed<Tick, Gap<Tick>>(gap => void told.push(gap));
  expect(untoldOf(missed)).toEqual([]);
  const subscription = broker.subscribe({ required: false, capacity: 1, missed, next: () => NEVER });
  for (const n of [1, 2, 3, 4]) broker.send({ type: 'Tick', n });
  expect(told).toEqual([]);
  expect(untoldOf(missed).map(({ count, reason, first }) => [count, reason, first.n])).toEqual([
    [2, 'overflow', 3],
    [1, 'closed', 2],
  ]);
  subscription.unsubscribe();
  expect(untoldOf(missed)).toEqual([]);
});

test('it is told as any other; the first who answers counts', () => {
  const told: number[] = [];
  const missed = askingMissed<number, number>(gap => void told.push(gap));
  missed(7);
  const gap = (first: number): Gap<number> => ({ count: 1, reason: 'overflow', first, last: first });
  answerUntold<number>(missed, () => [gap(1)]);
  answerUntold<number>(missed, () => [gap(2)]);
  expect([told, untoldOf<number>(missed as never).map(({ first }) => first)]).toEqual([[7], [1]]);
});

test('a missed that cannot be asked, and none, are left alone', () => {
  const missed = Object.freeze(() => undefined);
  answerUntold(missed, () => []);
  answerUntold(undefined, () => []);
  expect(Reflect.ownKeys(missed)).toEqual(['length', 'name']);
});
