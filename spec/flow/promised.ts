import { VirtualTimeScheduler } from 'rxjs';
import { eventBroker, type BrokerOptions, type Notice } from 'rx-event-broker';

export interface Event {
  readonly type: 'A';
  readonly n: number;
}

export const turn = () => new Promise(resolve => setImmediate(resolve));

/** A scheduler, and its clock: lets this many ms pass. */
export const virtual = () => {
  const scheduler = new VirtualTimeScheduler();
  const clock = (ms: number): void => {
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.schedule(() => undefined, ms);
    scheduler.flush();
  };
  return { scheduler, clock };
};

/** A broker in virtual time, a log of its notices, and handlers whose Promises are settled by hand, the oldest first. */
export const promised = (options: Partial<BrokerOptions<Event>> = {}) => {
  const { scheduler, clock } = virtual();
  const broker = eventBroker<Event>({ scheduler, ...options });
  const log: string[] = [];
  const pending: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  broker.notices$.subscribe((notice: Notice<Event>) => {
    if (notice.type === 'Failed') log.push(`failed ${notice.events.map(({ n }) => n).join()}: ${String(notice.error)}`);
    if (notice.type === 'Closed') {
      const { delivered, failed } = notice.tally;
      log.push(
        `closed: ${delivered} delivered, ${failed} failed, unfinished ${notice.unfinished.map(({ n }) => n).join()}`,
      );
    }
    if (notice.type === 'Stalled' || notice.type === 'Saturated' || notice.type === 'Clear')
      log.push(`${notice.type} at ${scheduler.frame}`);
  });
  const handle = (...events: readonly Event[]): Promise<void> => {
    log.push(`begins ${events.map(({ n }) => n).join()}`);
    return new Promise<void>((resolve, reject) => pending.push({ resolve, reject }));
  };
  const send = (...numbers: readonly number[]): void => {
    for (const n of numbers) broker.send({ type: 'A', n });
  };
  const done = async (): Promise<void> => {
    pending.shift()?.resolve();
    await turn();
  };
  const fail = async (): Promise<void> => {
    pending.shift()?.reject(new Error('broken'));
    await turn();
  };
  return { broker, handle, send, done, fail, wait: clock, log };
};
