import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import type { SqlClient } from '../sql/SqlClient.js';
import { followConnection, listenTo } from './listenTo.js';
import type { OutboxRow } from './OutboxRow.js';
import { outboxTable, type OutboxTable } from './outboxTable.js';

/** The state that the work on the connection shares with the emission of rows. */
export interface OutboxDesk<Column extends string> {
  /** The consumer has left, or was given an error. */
  readonly isLeft: () => boolean;
  /** Whether rows are to be fetched: none is at hand, and the consumer is not paused. */
  readonly isHungry: () => boolean;
  readonly received: (rows: readonly OutboxRow<Column>[]) => void;
  /** Rows that were emitted and are not settled. */
  readonly unsettled: () => readonly string[];
  /** Rows that are settled and not deleted yet. */
  readonly settled: string[];
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
  readonly scheduler: SchedulerLike;
}

/** Milliseconds without an answer to the first statement, after which that is reported. */
const SILENCE = 5000;

/** One loop that owns the connection: a statement is sent when the one before has been answered. */
export interface OutboxWork {
  /** The shared state has changed. */
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
 * W2  Rows are fetched at the start, when notified or polled, and after a full batch.
 * W3  The lock is held from before the first fetch until after the last deletion.
 * W4  A fetch excludes the rows that were emitted and are not settled. Settled rows have been deleted by then (W1).
 */
export const outboxWork = <Column extends string>(
  { client, what, table: name, channel, columns, batchSize, pollEvery, scheduler }: OutboxSettings<Column>,
  { isLeft, isHungry, received, unsettled, settled, failed, notify }: OutboxDesk<Column>,
): OutboxWork => {
  let isDue = true;
  let isAwake = false;
  let hasFailed = false;
  const fail = (error: unknown): void => {
    hasFailed = true;
    failed(error);
  };
  const stayAwake = (): void => {
    isAwake = true;
  };
  /** Ends the sleep, or prevents the next one. */
  let wake = stayAwake;

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
    const ids = settled.slice(0, batchSize);
    await table.remove(ids);
    // more may have been settled by now
    settled.splice(0, ids.length);
  };

  const fetch = async (table: OutboxTable<Column>): Promise<void> => {
    isDue = false;
    const rows = await table.next(unsettled());
    if (rows.length === batchSize) isDue = true;
    received(rows);
  };

  const read = async (table: OutboxTable<Column>): Promise<void> => {
    while (!isLeft()) {
      if (settled.length > 0) await removeSettled(table);
      else if (isDue && isHungry()) await fetch(table);
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
    const unfollow = followConnection(client, fail);
    releases.push(() => unfollow(hasFailed));
    // `pg` silently queues the statements of a client that was never connected
    const silence = after(scheduler, SILENCE, () => {
      if (!isLeft()) notify({ type: 'Waiting', what: `${what}: its connection does not answer; is it connected?` });
    });
    releases.push(() => silence.unsubscribe());
    const table = await outboxTable(client, name, columns, batchSize);
    silence.unsubscribe();
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
        fail(error);
      }
    };
    const releases: (() => unknown)[] = [];
    await attempt(() => work(releases));
    for (const release of releases.reverse()) await attempt(release);
  };

  return { wake: () => wake(), released: run() };
};
