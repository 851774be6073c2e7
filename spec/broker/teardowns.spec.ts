import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { finalize, timer, VirtualTimeScheduler } from 'rxjs';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { a, shown, type Letter } from './events.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('B10 the error of a teardown that throws when its work ends is not rethrown', () => {
  test.each(['retry', 'stream'])('%s', kind => {
    const scheduler = new VirtualTimeScheduler();
    const broker = eventBroker<Letter>({ scheduler });
    const log: string[] = [];
    broker.notices$.subscribe(({ type }) => type === 'Failed' && log.push(type));
    const work = (event: Letter) => {
      log.push(shown(event));
      return timer(1, scheduler).pipe(
        finalize(() => {
          throw new Error('teardown');
        }),
      );
    };
    if (kind === 'retry') broker.subscribe({ required: true, retry: 1, next: work });
    else broker.stream({ required: true, project: work }).subscribe();
    broker.send(a(1));
    broker.send(a(2));
    expect(() => scheduler.flush()).not.toThrow();
    expect(log).toEqual(['A1', 'Failed', 'A2', 'Failed']);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 2, failed: 0 }]);
  });
});

test('B6 an event that was in flight at close is released, even if the broker is kept', async () => {
  const broker = eventBroker<Letter>();
  const sent = ((): WeakRef<Letter> => {
    const event = a(1);
    broker.subscribe({
      required: true,
      next: () => {
        broker.close();
        return Promise.resolve();
      },
    });
    broker.send(event);
    return new WeakRef<Letter>(event);
  })();
  await new Promise(resolve => setImmediate(resolve));
  collect();
  expect(sent.deref()).toBeUndefined();
  expect(broker.snapshot().subscribers).toMatchObject([{ failed: 1 }]);
});
