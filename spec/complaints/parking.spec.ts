// commanded/commanded #556: after a crash the handler goes on behind the event it had crashed at, or stops altogether; wanted is
// that only the key of a poison event waits.
// EventStore/EventStore (KurrentDB) #3844: a replay of parked messages that has nothing to do does not end, and blocks the next one.
import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';
import { backpressure, eventBroker, memoryParking, park } from 'rx-event-broker';
import { fileParking } from 'rx-event-broker/node';
import { folderOf } from '../source/disk/folder.js';

interface Booked {
  readonly type: 'Booked';
  readonly account: string;
  readonly n: number;
}
const booked = (account: string, n: number): Booked => ({ type: 'Booked', account, n });

describe('commanded #556: a poison event of one account', () => {
  const run = (folder: string, poison: readonly string[]) => {
    const parking = fileParking<Booked>(folder);
    const broker = eventBroker<Booked>();
    broker.notices$.subscribe();
    const done: string[] = [];
    const next = async ({ account, n }: Booked): Promise<void> => {
      if (poison.includes(`${account}${n}`)) throw new Error('poison');
      done.push(`${account}${n}`);
    };
    broker.subscribe({
      name: 'ledger',
      required: true,
      onFailure: park(parking, { by: event => event.account }),
      next,
    });
    return { parking, broker, done };
  };

  test('B22b its account waits, before and after a crash, and none of its events is skipped; others continue', async () => {
    const folder = folderOf();
    const first = run(folder, ['a1']);
    for (const event of [booked('a', 1), booked('b', 1), booked('a', 2)]) first.broker.send(event);
    await first.broker.drain().forEach(() => undefined);
    await first.parking.close();
    const second = run(folder, []);
    for (const event of [booked('a', 3), booked('b', 2)]) second.broker.send(event);
    await second.broker.drain().forEach(() => undefined);
    expect([first.done, second.done]).toEqual([['b1'], ['b2']]);
    const again$ = backpressure(second.parking.replay(), {
      required: true,
      project: async ({ account, n }) => `${account}${n}`,
    });
    expect(await lastValueFrom(again$.pipe(toArray()))).toEqual(['a1', 'a2', 'a3']);
    await second.parking.close();
  });
});

describe('KurrentDB #3844: a replay with nothing to do', () => {
  test('B22j it completes, however often it is subscribed to, and the next one works', async () => {
    const parking = memoryParking<Booked>();
    const replay = () =>
      lastValueFrom(backpressure(parking.replay(), { required: true, project: async ({ n }) => n }).pipe(toArray()));
    expect([await replay(), await replay()]).toEqual([[], []]);
    await parking.park([booked('a', 1)], 'no', { subscriber: 's', key: undefined, most: 1 });
    expect([await replay(), await replay()]).toEqual([[1], []]);
  });
});
