import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { backpressure, eventBroker, fanOut, settledBy, type Notice, type OpenedSource } from 'rx-event-broker';
import { bufferOnDisk, socketClient } from 'rx-event-broker/node';
import {
  concat,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  queueScheduler,
  Subject,
  take,
  tap,
  toArray,
} from 'rxjs';
import { after } from '../../lib/flow/clock.js';
import { stallWatch } from '../../lib/flow/mailbox/stallWatch.js';
import { folderOf } from '../source/disk/folder.js';

const running$ = of(false);
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
/** Waits for a timer of 0 ms that was set before. */
const nextTurn = async (): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve, 0));
  await turn();
};

afterEach(() => {
  jest.restoreAllMocks();
});

/** A source that acknowledges, and what it was told. */
const acknowledging = (count: number) => {
  const told: number[] = [];
  const source: OpenedSource<number> = (_, settlement) =>
    new Observable(subscriber => {
      const given = settledBy<number>(subscriber, settlement, n => told.push(n));
      for (let n = 1; n <= count; n++) given(n, () => subscriber.next(n));
    });
  return { source, told };
};

describe('B14f the queueScheduler, which runs due work immediately', () => {
  test('a delay of 0 ends in the next turn, and can be cancelled', async () => {
    const seen: string[] = [];
    after(queueScheduler, 0, () => seen.push('fired'));
    after(queueScheduler, 0, () => seen.push('cancelled')).unsubscribe();
    expect(seen).toEqual([]);
    await nextTurn();
    expect(seen).toEqual(['fired']);
  });

  test('retry after 0 ms', async () => {
    const broker = eventBroker({ scheduler: queueScheduler });
    let tries = 0;
    const done = firstValueFrom(
      broker.stream({
        required: true,
        retry: { count: 3, delay: 0 },
        project: () => {
          if (++tries < 3) throw new Error('busy');
          return of('done');
        },
      }),
    );
    broker.send({ type: 'A' });
    expect(await done).toBe('done');
    expect(tries).toBe(3);
  });

  test('failAfter and stallAfter of 0 ms', async () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broker = eventBroker({ scheduler: queueScheduler });
    const notices: Notice[] = [];
    broker.notices$.subscribe(notice => notices.push(notice));
    broker.subscribe({ required: true, onFailure: 'continue', failAfter: 0, next: () => NEVER });
    broker.subscribe({ required: true, stallAfter: 0, next: () => NEVER });
    broker.send({ type: 'A' });
    await nextTurn();
    expect(notices.filter(({ type }) => type !== 'Subscribed')).toMatchObject([
      { type: 'Failed', error: { name: 'DeliveryTimeoutError' } },
      { type: 'Stalled', subscriber: { id: 2 } },
    ]);
    expect(write).not.toHaveBeenCalled();
  });

  test('a watch whose timer fires immediately can stop the next one', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const one = { steps: 0 };
    const told: object[] = [];
    const watch = stallWatch<{ steps: number }>(queueScheduler, who => told.push(who));
    watch.startWait(one, 0);
    watch.endWait(one);
    expect([told, write.mock.calls]).toEqual([[], []]);
  });

  test('K4d a branch that leaves with nothing unsettled, and one that leaves with an unsettled value', async () => {
    const consumed = (work: Observable<never>) => {
      const { source, told } = acknowledging(5);
      const notices = { next: () => undefined };
      const branches = fanOut(source, { expectedSubscribers: 2, scheduler: queueScheduler, notices });
      backpressure(branches, { required: true, project: () => EMPTY }).subscribe();
      backpressure(branches, { required: true, project: () => work })
        .subscribe()
        .unsubscribe();
      return told;
    };
    const [idle, busy] = [consumed(EMPTY), consumed(NEVER)];
    await nextTurn();
    expect([idle.at(-1), busy]).toEqual([5, []]);
  });

  test('fanOut with a stallAfter of 0 ms counts its branches', async () => {
    const seen: Notice[] = [];
    const notices = { next: (notice: Notice) => seen.push(notice) };
    const options = { scheduler: queueScheduler, stallAfter: 0, notices };
    fanOut(NEVER, { ...options, expectedSubscribers: 2 })(running$).subscribe();
    const given = await lastValueFrom(fanOut(of(1), { ...options, expectedSubscribers: 1 })(running$));
    await nextTurn();
    expect([given, seen]).toEqual([1, [{ type: 'Waiting', what: 'fan-out: 1 of 2 branches have subscribed' }]]);
  });

  test('a disk buffer with a sync every 0 ms', async () => {
    const more$ = new Subject<Uint8Array>();
    const buffered = bufferOnDisk(concat(of(Uint8Array.of(3)), more$), {
      directory: folderOf(),
      sync: { everyMs: 0 },
      scheduler: queueScheduler,
      settlement: 'none',
    });
    const bytes = buffered(NEVER).pipe(
      map(([byte]) => byte),
      tap(byte => {
        if (byte === 3) more$.next(Uint8Array.of(4));
        more$.complete();
      }),
    );
    expect(await lastValueFrom(bytes.pipe(toArray()))).toEqual([3, 4]);
  });

  test('a socket that dials again after 0 ms', async () => {
    const lost$ = new Subject<string>();
    const options = {
      host: '127.0.0.1',
      port: 1,
      dialRetryInterval: 0,
      dialTimeout: 60_000,
      scheduler: queueScheduler,
    };
    const subscription = socketClient({ ...options, notices: { next: ({ type }) => lost$.next(type) } }).subscribe({
      error: error => lost$.error(error),
    });
    expect(await lastValueFrom(lost$.pipe(take(3), toArray()))).toEqual(Array(3).fill('PeerRejected'));
    subscription.unsubscribe();
  });
});
