import { firstValueFrom, NEVER, ReplaySubject } from 'rxjs';
import { shown } from '../event/shown.js';
import { aFunction, checkOptions, needed } from '../flow/contract/options.js';
import { backpressure } from '../operators/backpressure.js';
import { rejects, same } from './contractSteps.js';
import type { AsyncTestFunction } from './laws/SourceUnderTest.js';
import { givenWhilePaused, leftAfter, listed, parkNamed, parkNamedBehind, replayed, who } from './parkingSteps.js';
import type { ParkingUnderTest } from './ParkingUnderTest.js';

/**
 * Options of `parkingContract`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface ParkingContractOptions {
  /** The function of your test runner that defines a test: `test` of jest, vitest or node:test. */
  readonly test: AsyncTestFunction;
  /** Opens an empty parking. Each test opens its own, and closes it. */
  readonly open: () => Promise<ParkingUnderTest>;
}

const CHECKS = { test: needed(aFunction), open: needed(aFunction) };

/**
 * Tests that your own `Parking` keeps the rules that `park` relies on, with one test per rule. Throws `OptionError`.
 *
 * @example
 * ```ts
 * parkingContract({ test, open: () => openMyParking() });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export const parkingContract = (options: ParkingContractOptions): void => {
  checkOptions('parkingContract', options, CHECKS);
  const { test, open } = options;
  const law = (name: string, body: (it: ParkingUnderTest) => Promise<unknown>): void => {
    test(name, async () => {
      const it = await open();
      try {
        await body(it);
      } finally {
        await it.close();
      }
    });
  };

  law('B22j a replay with nothing to do completes', async ({ parking }) => {
    same('replayed', await replayed(parking), []);
    await parkNamed(parking, ['a1'], who('a'));
    same('with only', await replayed(parking, undefined, { only: () => false }), []);
  });

  law('B22q what is parked is listed in order, with whom it is for, its key and its error', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2'], who('a'), new TypeError('no'));
    await parkNamed(parking, ['x'], who(undefined, 'other'), 'a text');
    const [a1, a2, x, ...rest] = await parking.list();
    same(
      'a1',
      { ...a1, id: 0, at: 0 },
      { id: 0, subscriber: 'payments', key: 'a', event: { name: 'a1' }, error: 'TypeError: no', at: 0 },
    );
    same('a2', a2?.event, { name: 'a2' });
    same('x', [x?.subscriber, x?.key, x?.event], ['other', undefined, { name: 'x' }]);
    same('rest', rest.length, 0);
    same(
      'after',
      (await parking.list({ after: a1!.id })).map(({ event }) => event.name),
      ['a2', 'x'],
    );
    same(
      'limit',
      (await parking.list({ limit: 1 })).map(({ event }) => event.name),
      ['a1'],
    );
  });

  law('B22b parkBehind stores nothing while nothing of the subscriber and the key is parked', async ({ parking }) => {
    same('empty', await parkNamedBehind(parking, 'a1', who('a')), false);
    await parkNamed(parking, ['b1'], who('b'));
    await parkNamed(parking, ['a1'], who('a', 'other'));
    await parkNamed(parking, ['x'], who(undefined));
    same('others', await parkNamedBehind(parking, 'a2', who('a')), false);
    same('listed', await listed(parking), ['b1', 'a1', 'x']);
  });

  law('B22b parkBehind stores behind what is parked, until that has gone', async ({ parking }) => {
    await parkNamed(parking, ['a1'], who('a'));
    same('behind', await parkNamedBehind(parking, 'a2', who('a')), true);
    same('error', (await parking.list())[1]?.error, undefined);
    same('replayed', await replayed(parking), ['a1', 'a2']);
    same('gone', await parkNamedBehind(parking, 'a3', who('a')), false);
    same('listed', await listed(parking), []);
  });

  law('B22b keys are compared as they are', async ({ parking }) => {
    const keys = ['', ' ', 'A', 'a', 'a\nb', 'ä', '\u{1f600}', "'", '"', '\\', '%'];
    for (const key of keys) {
      same(`before ${key}`, await parkNamedBehind(parking, key, who(key)), false);
      await parkNamed(parking, [key], who(key));
    }
    for (const key of keys) same(`after ${key}`, await parkNamedBehind(parking, key, who(key)), true);
    same(
      'keys',
      (await parking.list()).map(({ key }) => key),
      [...keys, ...keys],
    );
  });

  law('B22f past most it rejects with ParkingFullError, and stores none of the events', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2'], who('a', 'payments', 2));
    const names = [
      (await rejects('park', parkNamed(parking, ['b1'], who('b', 'payments', 2)))) as Error,
      (await rejects('several', parkNamed(parking, ['b1', 'b2'], who('b', 'payments', 3)))) as Error,
      (await rejects('behind', parkNamedBehind(parking, 'a3', who('a', 'payments', 2)))) as Error,
    ].map(({ name }) => name);
    same('errors', names, ['ParkingFullError', 'ParkingFullError', 'ParkingFullError']);
    same('no key', await parkNamedBehind(parking, 'b1', who('b', 'payments', 2)), false);
    await parkNamed(parking, ['c1'], who('c', 'other', 1));
    same('listed', await listed(parking), ['a1', 'a2', 'c1']);
  });

  law('B22i each replayed event is removed once it is settled; the rest stays', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'b1', 'a2', 'b2'], who('k'));
    await leftAfter(parking, 2);
    // the first replay holds the parking until the settled events are removed
    same('again', await replayed(parking), ['a2', 'b2']);
    same('listed', await listed(parking), []);
  });

  law('B22i what fails in a replay stays parked', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2'], who('a'));
    const failing = replayed(parking, name => Promise.reject(new Error(name)));
    same('error', String(await rejects('replay', failing)), 'Error: a1');
    same('again', await replayed(parking), ['a1', 'a2']);
  });

  law('B22i limit', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2', 'a3'], who('a'));
    same('two', await replayed(parking, undefined, { limit: 2 }), ['a1', 'a2']);
    same('the rest', await listed(parking), ['a3']);
  });

  law('B22m only passes over the later ones of a key, too', async ({ parking }) => {
    for (const name of ['a1', 'b1', 'a2', 'b2']) await parkNamed(parking, [name], who(name[0]));
    await parkNamed(parking, ['x', 'y'], who(undefined));
    same('replayed', await replayed(parking, undefined, { only: ({ name }) => name !== 'a1' && name !== 'x' }), [
      'b1',
      'b2',
      'y',
    ]);
    same('stay', await listed(parking), ['a1', 'a2', 'x']);
  });

  law('B22m what is parked behind during a replay is replayed, too; what fails anew is not', async ({ parking }) => {
    await parkNamed(parking, ['a1'], who('a'));
    const given = await replayed(parking, async name => {
      if (name !== 'a1') return;
      same('behind', await parkNamedBehind(parking, 'a2', who('a')), true);
      await parkNamed(parking, ['b1'], who('b'));
    });
    same('given', given, ['a1', 'a2']);
    same('stay', await listed(parking), ['b1']);
  });

  law('B22m what fails again stays where it is, with those behind it, and others go on', async ({ parking }) => {
    for (const name of ['a1', 'a2', 'b1']) await parkNamed(parking, [name], who(name[0]));
    const before = await parking.list();
    const given = await replayed(parking, name => name === 'a1' && Promise.reject(new Error('again')), { parks: true });
    same('given', given, ['a1', 'b1']);
    same(
      'stay',
      (await parking.list()).map(({ id }) => id),
      before.slice(0, 2).map(({ id }) => id),
    );
    same('later', await replayed(parking, undefined, { parks: true }), ['a1', 'a2']);
  });

  law('B22l one replay at a time', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2'], who('a'));
    const began$ = new ReplaySubject<string>(1);
    const first = backpressure(parking.replay(), {
      required: true,
      project: ({ name }) => {
        began$.next(name);
        return NEVER;
      },
    }).subscribe(began$);
    await firstValueFrom(began$, { defaultValue: '' });
    const second = replayed(parking);
    first.unsubscribe();
    same('second', await second, ['a1', 'a2']);
  });

  law('B22i a paused replay gives nothing', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2', 'a3'], who('a'));
    same('given', await givenWhilePaused(parking), [['a1'], ['a1', 'a2', 'a3']]);
  });

  law('B22q discard removes, and says how many were there', async ({ parking }) => {
    await parkNamed(parking, ['a1', 'a2', 'a3'], who('a'));
    const ids = (await parking.list()).map(({ id }) => id);
    same('none', await parking.discard([]), 0);
    same('two', await parking.discard(ids.slice(0, 2)), 2);
    same('one of them', await parking.discard(ids.slice(1)), 1);
    same('free', await parkNamedBehind(parking, 'a4', who('a')), false);
    const { name } = (await rejects('an invalid id', parking.discard(['x; drop']))) as Error;
    same('error', name, 'OptionError');
  });

  law('B22a parks that overlap are all stored', async ({ parking }) => {
    const names = Array.from({ length: 50 }, (_, i) => `a${i}`);
    await Promise.all(names.map(name => parkNamed(parking, [name], who(name))));
    const found = await parking.list({ limit: 100 });
    same('events', found.map(({ event }) => event.name).sort(), [...names].sort());
    const ids = found.map(({ id }) => BigInt(id));
    if (ids.some((id, i) => i > 0 && id <= ids[i - 1]!))
      throw new Error(`ids: expected rising ids, found ${shown(ids)}`);
  });

  law('B22k B22l after a restart it is all there, and ids are not used again', async it => {
    if (it.reopen === undefined) return;
    await parkNamed(it.parking, ['a1', 'b1', 'b2'], who('a'));
    const [a1, ...gone] = (await it.parking.list()).map(({ id }) => id);
    await it.parking.discard(gone);
    const again = await it.reopen();
    try {
      same('behind', await parkNamedBehind(again.parking, 'a2', who('a')), true);
      const [first, second] = await again.parking.list();
      same('first', [first?.id, first?.event, first?.error, first?.key], [a1, { name: 'a1' }, 'Error: no', 'a']);
      if (gone.some(id => BigInt(id) >= BigInt(second!.id))) throw new Error(`ids: ${second!.id} was used before`);
      same('replayed', await replayed(again.parking), ['a1', 'a2']);
    } finally {
      await again.close();
    }
  });
};
