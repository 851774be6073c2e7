// nestjs/cqrs #134: `publish` cannot be awaited, so it is unknown when the handlers of an event are done.
// nestjs/cqrs #409: an exception in an event handler ends the process (it is thrown out of a Subject's subscriber).
import { describe, expect, test } from '@jest/globals';
import { config, from, lastValueFrom, Subject, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';

interface Created {
  readonly type: 'Created';
  readonly id: number;
}
const created = (id: number): Created => ({ type: 'Created', id });

describe('handlers of events', () => {
  test('of a Subject: next returns before they have finished, and their errors reach the process', async () => {
    const thrown = new Promise(resolve => (config.onUnhandledError = resolve));
    const bus = new Subject<Created>();
    let done = false;
    bus.subscribe(() => {
      void Promise.resolve().then(() => (done = true));
    });
    bus.subscribe(() => {
      throw new Error('handler');
    });
    bus.next(created(1));
    expect(done).toBe(false);
    expect(await thrown).toMatchObject({ message: 'handler' });
    config.onUnhandledError = null;
  });

  test('B10g B11b of a broker: receive completes when they have finished, and a failure is a notice', async () => {
    const broker = eventBroker<Created>();
    const failures: unknown[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failures.push(notice.error));
    let done = 0;
    broker.subscribe({
      required: true,
      next: async () => {
        await lastValueFrom(timer(1));
        done++;
      },
    });
    broker.subscribe({
      required: true,
      onFailure: 'continue',
      next: ({ id }) => {
        if (id === 1) throw new Error('handler');
      },
    });
    const last = await lastValueFrom(broker.receive(from([created(1), created(2)])));
    expect(done).toBe(2);
    expect(last.subscribers).toMatchObject([{ delivered: 2 }, { delivered: 1, failed: 1 }]);
    expect(failures).toMatchObject([{ message: 'handler' }]);
    broker.close();
  });
});
