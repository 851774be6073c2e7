import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import type { Client } from 'pg';
import { chainOf, type ChainEvent } from '../chainOf.js';
import { expectWhole } from './expectWhole.js';
import { gatedOwner, type GatedOwner } from './gatedOwner.js';
import { onPostgres } from './onPostgres.js';
import { causeOf, ownerOf } from './ownerOf.js';
import { sessions } from './sessions.js';

const { test, admin, newSchema, connect } = onPostgres();
const { waitsForLock, kill } = sessions(admin);

/** An owner in a fight: it comes again, on a new connection, after it has ended. */
interface Fighter {
  owner: GatedOwner;
  wasKilled: boolean;
  /** The statement that was sent, until the next one is held or the owner has ended. */
  sent: Promise<unknown>;
}

/** What the driver does next with one of the two: sends its next statement, or kills it. */
interface Move {
  readonly who: 0 | 1;
  readonly kill: boolean;
}

/** Plays the moves, then lets both run. Returns the errors of those that were not killed. */
const fight = async (moves: readonly Move[], chain: readonly ChainEvent[]): Promise<readonly unknown[]> => {
  const schema = await newSchema('create table kept (value integer)');
  const clients: Client[] = [];
  const errors: unknown[] = [];
  const enter = async (): Promise<Fighter> => {
    const client = await connect(schema);
    clients.push(client);
    return { owner: await gatedOwner(client, chain), wasKilled: false, sent: Promise.resolve() };
  };
  const leave = async ({ owner, wasKilled }: Fighter): Promise<void> => {
    const outcome = await owner.outcome;
    if ('error' in outcome && !wasKilled) errors.push(causeOf(outcome));
  };
  const fighters: [Fighter, Fighter] = [await enter(), await enter()];
  for (const { who, kill: isKilled } of moves) {
    const fighter = fighters[who];
    const { owner } = fighter;
    if (isKilled) {
      fighter.wasKilled = true;
      await kill(owner.pid);
      owner.open();
    } else {
      // it waits for the other one
      if (await waitsForLock(owner.pid, fighter.sent)) continue;
      if ((await owner.next()) !== undefined) {
        owner.release();
        fighter.sent = owner.next();
        await waitsForLock(owner.pid, fighter.sent);
        continue;
      }
    }
    await leave(fighter);
    fighters[who] = await enter();
  }
  for (const { owner } of fighters) owner.open();
  await Promise.all(fighters.map(leave));
  await ownerOf(clients.at(-1)!, chain);
  await Promise.all(clients.map(client => client.end()));
  return errors;
};

test('S17c S17b two owners compete, statement by statement, and are killed: each block once, and the late one gets an error', async () => {
  const chain = chainOf([{ rows: 2 }, { snapshot: 'after' }, {}]);
  let fenced = 0;
  let kills = 0;
  const runs = fc.array(
    fc.record({
      who: fc.constantFrom(0 as const, 1 as const),
      kill: fc.nat(19).map(n => n === 0),
      times: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 8, maxLength: 16 },
  );
  await fc.assert(
    fc.asyncProperty(runs, async plan => {
      const moves = plan.flatMap(({ who, kill: isKilled, times }) =>
        Array.from({ length: isKilled ? 1 : times }, (): Move => ({ who, kill: isKilled })),
      );
      const errors = await fight(moves, chain);
      kills += moves.filter(move => move.kill).length;
      fenced += errors.length;
      for (const error of errors) expect(error).toMatchObject({ name: 'FencedError' });
      await expectWhole(admin(), chain);
    }),
    { numRuns: Number(process.env['FIGHTS'] ?? 20) },
  );
  expect([fenced > 0, kills > 0]).toEqual([true, true]);
});
