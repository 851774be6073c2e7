import { Subscription, type SchedulerLike } from 'rxjs';
import { after, elapsed } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import type { SqlClient } from '../sql/SqlClient.js';
import { holderOf } from './holderOf.js';
import { followConnection, listenTo } from './listenTo.js';
import type { OutboxKey, OutboxRow } from './OutboxRow.js';
import { outboxTable, type OutboxTable } from './outboxTable.js';

/** What the work on the connection and the emission of rows share. */
export interface OutboxDesk<Column extends string> {
  /** The consumer has left, or was given an error. */
  readonly isLeft: () => boolean;
  /** Whether rows are to be fetched: none is at hand, and the consumer is not paused. */
  readonly isHungry: () => boolean;
  readonly received: (rows: readonly OutboxRow<Column>[]) => void;
  /** Rows that are settled and not deleted yet. */
  readonly settled: OutboxKey[];
  readonly failed: (error: unknown) => void;
  readonly notify: Notify;
}

export interface OutboxSettings<Column extends string> {
  readonly client: SqlClient;
  readonly what: string;
  readonly table: string;
  readonly channel: string;
  readonly columns: readonly Column[];
  readonly batchSize: number;
  readonly pollEvery: number;
  readonly stallAfter: number;
  readonly scheduler: SchedulerLike;
}

/** One loop that owns the connection: a statement is sent when the one before has been answered. */
export interface OutboxWork {
  /** Something has changed on the desk. */
  wake(): void;
  /** Resolves when everything is released. Never rejects. */
  readonly released: Promise<void>;
}

/**
 *     check ──► lock ──► listen ──► ┌─ settled?  delete ─┐ ──left──► delete the rest, unlisten, unlock
 *                 ▲──other reader   ├─ hungry?   fetch   ┤
 *                                   └─ neither:  sleep ──┘   until woken: settled, resumed, notified, polled
 *
 * W1  Deletions come before fetches, and go on while the consumer is paused.
 * W2  Rows are looked for at the start, when notified or polled, and after a full batch.
 * W3  The lock is held from before the first fetch until after the last deletion.
 */
export const outboxWork = <Column extends string>(
  { client, what, table: name, channel, columns, batchSize, pollEvery, stallAfter, scheduler }: OutboxSettings<Column>,
  { isLeft, isHungry, received, settled, failed, notify }: OutboxDesk<Column>,
): OutboxWork => {
  let isDue = true;
  let isAwake = false;
  const stayAwake = (): void => {
    isAwake = true;
  };
  /** Ends the sleep, or prevents the next one. */
  let wake = stayAwake;
  /** The transaction that holds rows back, and since when. */
  let holder: { readonly xid: string; readonly since: number; isNamed: boolean } | undefined;

  /** Waits for `pollEvery`, or until it is woken. */
  const sleep = (): Promise<void> =>
    new Promise(resolve => {
      if (isAwake) {
        isAwake = false;
        resolve();
        return;
      }
      const timer = new Subscription();
      wake = () => {
        timer.unsubscribe();
        wake = stayAwake;
        resolve();
      };
      const poll = (): void => {
        isDue = true;
        wake();
      };
      timer.add(after(scheduler, pollEvery, poll));
    });

  const removeSettled = async (table: OutboxTable<Column>): Promise<void> => {
    const keys = settled.slice(0, batchSize);
    await table.remove(keys);
    // more may have been settled by now
    settled.splice(0, keys.length);
  };

  const nameHolder = async (table: OutboxTable<Column>): Promise<void> => {
    const xid = await table.heldBackBy();
    const now = elapsed(scheduler);
    if (xid === undefined) holder = undefined;
    else if (holder?.xid !== xid) holder = { xid, since: now, isNamed: false };
    if (holder === undefined || holder.isNamed || now - holder.since < stallAfter) return;
    holder.isNamed = true;
    notify({ type: 'Waiting', what: `${what}: committed rows wait for ${await holderOf(client, holder.xid)}` });
  };

  const fetch = async (table: OutboxTable<Column>, last: OutboxKey | undefined): Promise<OutboxKey | undefined> => {
    isDue = false;
    const rows = await table.next(batchSize, last);
    if (rows.length === batchSize) isDue = true;
    received(rows);
    if (rows.length === 0 && stallAfter < Infinity) await nameHolder(table);
    return rows.at(-1) ?? last;
  };

  const read = async (table: OutboxTable<Column>): Promise<void> => {
    let last: OutboxKey | undefined;
    while (!isLeft()) {
      if (settled.length > 0) await removeSettled(table);
      else if (isDue && isHungry()) last = await fetch(table, last);
      else await sleep();
    }
  };

  const lock = async (table: OutboxTable<Column>): Promise<boolean> => {
    let wasTold = false;
    while (!isLeft()) {
      if (await table.lock()) return true;
      if (!wasTold) notify({ type: 'Waiting', what: `${what}: another connection reads it` });
      wasTold = true;
      await sleep();
    }
    return false;
  };

  const work = async (releases: (() => unknown)[]): Promise<void> => {
    if (isLeft()) return;
    releases.push(followConnection(client, failed));
    const table = await outboxTable(client, name, columns);
    if (!(await lock(table))) return;
    releases.push(() => table.unlock());
    const notified = (): void => {
      isDue = true;
      wake();
    };
    releases.push(await listenTo(client, channel, notified));
    await read(table);
    while (settled.length > 0) await removeSettled(table);
  };

  const run = async (): Promise<void> => {
    const attempt = async (step: () => unknown): Promise<void> => {
      try {
        await step();
      } catch (error) {
        failed(error);
      }
    };
    const releases: (() => unknown)[] = [];
    await attempt(() => work(releases));
    for (const release of releases.reverse()) await attempt(release);
  };

  return { wake: () => wake(), released: run() };
};
