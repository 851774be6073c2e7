import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
import { escaped } from '../../event/shown.js';
import { checkOptions } from '../../flow/contract/options.js';
import type { OpenedSource } from '../../flow/contract/Pausable.js';
import type { Settlement } from '../../flow/contract/Settlement.js';
import { lease } from '../../flow/lease.js';
import { followLevel } from '../../flow/level/followLevel.js';
import { reporter } from '../../flow/reporter.js';
import { RingBuffer } from '../../flow/RingBuffer.js';
import { noSettlement } from '../../flow/settlement/noSettlement.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import { settledBy } from '../../flow/settlement/settledBy.js';
import { checkClient } from '../sql/checkClient.js';
import type { SqlClient } from '../sql/SqlClient.js';
import { UnsettledRowsError } from './UnsettledRowsError.js';
import type { OutboxRow } from './OutboxRow.js';
import { OUTBOX_OPTIONS, type OutboxSourceOptions } from './OutboxSourceOptions.js';
import { outboxWork, type OutboxSettings } from './outboxWork.js';

/** The most unsettled rows for which the consumer has no value in hand. It bounds the ids that a fetch must exclude. */
const MOST_UNSETTLED = 100_000;

/**
 * Emits the rows of a transactional outbox in PostgreSQL or PGlite: a table into which programs insert messages in the
 * same transaction as the data that the messages are about. A row is deleted when the consumer has settled it.
 *
 *     a writer        --id 7----------------commit
 *     another one     -----id 8-commit
 *     rows            ----------------8-----------7-----      those that are committed, by id; none skipped
 *     deleted         -------------------8-----------7--
 *
 * **Use it** with a connection of its own: a `Client`, a `PoolClient` or a `PGlite`, never a pool. One reader at a time
 * reads a table; another one waits, and takes over when the first one has left or died. It never completes.
 *
 * **Order.** Each fetch emits the committed rows in the order of their ids. So if writers insert while they hold the same
 * lock, such as a row lock, their rows are emitted in the order of their commits.
 *
 * **Errors.** `NotSettledError`: no settlement. `TableColumnsError`, `OutboxTableError`: the table is not as the page
 * describes it. `HeldBackError`, `UnsettledRowsError`: operators in between, or a consumer that settles nothing more.
 * Otherwise the driver's own errors, including a lost connection. The call throws `OptionError`.
 *
 * **Gotchas.** A row is emitted again if the program ends before the row was deleted. Insert a message after the change
 * that it is about, so that the lock is already held.
 *
 * @param client - One connection, used by nothing else.
 * @param options - `columns` is required.
 * @example
 * ```ts
 * const client = new Client();
 * client.on('error', () => undefined);
 * await client.connect();
 * const rows = outboxSource(client, { columns: ['topic', 'payload'] });
 * backpressure(rows, {
 *   required: true,
 *   project: ({ topic, payload }) => save({ topic, payload }),
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/outbox.md
 */
export const outboxSource = <const Column extends string>(
  client: SqlClient,
  options: OutboxSourceOptions<Column>,
): OpenedSource<OutboxRow<Column>> => {
  checkClient(client);
  const checked = checkOptions('outboxSource', options, OUTBOX_OPTIONS);
  const { table = 'outbox' } = checked;
  const settings: OutboxSettings<Column> = {
    client,
    what: `outbox ${escaped(table)}`,
    table,
    channel: checked.channel ?? table,
    columns: [...checked.columns],
    batchSize: checked.batchSize ?? 100,
    pollEvery: checked.pollEvery ?? 1000,
    scheduler: checked.scheduler ?? asyncScheduler,
  };
  const { notices, empty } = checked;

  return (pause$, settlement) =>
    new Observable(subscriber => {
      const report = reporter<unknown>(notices, { id: 0, key: 0, name: settings.what });
      let isWaiting = true;
      const stopWaiting = lease(client, end => {
        isWaiting = false;
        const consumer = {
          pause$,
          settlement: checked.settlement ?? settlement ?? noSettlement('outboxSource'),
          empty: empty ?? 'withNext',
        };
        void readOutbox(subscriber, settings, report, consumer)
          .catch((error: unknown) => subscriber.error(error))
          .then(() => {
            end();
            report.notify({ type: 'Released', what: settings.what });
          });
      });
      if (isWaiting) report.notify({ type: 'Waiting', what: `${settings.what}: its connection is in use` });
      return stopWaiting;
    });
};

/** Resolves when everything is released. Rejects if the settlement throws: then nothing has begun. */
const readOutbox = async <Column extends string>(
  subscriber: Subscriber<OutboxRow<Column>>,
  settings: OutboxSettings<Column>,
  { notify, failed: report }: ReturnType<typeof reporter>,
  consumer: {
    readonly pause$: Observable<boolean>;
    readonly settlement: Settlement | 'none';
    readonly empty: 'atOnce' | 'withNext';
  },
): Promise<void> => {
  const atHand = new RingBuffer<OutboxRow<Column>>();
  /** The ids of rows that were emitted and are not settled, in order. */
  const unsettled = new RingBuffer<string>();
  const settled: string[] = [];
  const state = { given: 0, lastSettled: Infinity, isPaused: false, isEmitting: false, isHeard: false };

  const failed = (error: unknown): void => {
    if (subscriber.closed) report([], error, 1, state.isHeard);
    else {
      state.isHeard = true;
      subscriber.error(error);
    }
  };

  const settle = (upTo: number): void => {
    while (unsettled.length > state.given - upTo) settled.push(unsettled.shift()!);
    work.wake();
  };
  const given = settledBy<number>(subscriber, consumer.settlement, settle, { empty: consumer.empty });
  if (consumer.settlement !== 'none') {
    // a row emitted after the settlement has ended is never settled; `settledBy` handles its errors
    const complete = (): void => {
      state.lastSettled = state.given;
    };
    subscribeOwned(subscriber, consumer.settlement.settled$, { complete, error: () => undefined });
  }

  const emit = (): void => {
    if (state.isEmitting) return;
    state.isEmitting = true;
    try {
      while (!state.isPaused && !subscriber.closed && atHand.length > 0) {
        const row = atHand.shift()!;
        unsettled.push(row.id);
        given(++state.given, () => subscriber.next(row));
        const left = Math.max(unsettled.length - given.unsettled, state.given - state.lastSettled);
        if (left > MOST_UNSETTLED) failed(new UnsettledRowsError(settings.what, left));
      }
    } catch (error) {
      failed(error);
    }
    state.isEmitting = false;
    work.wake();
  };

  const work = outboxWork(settings, {
    isLeft: () => subscriber.closed,
    isHungry: () => !state.isPaused && atHand.length === 0,
    received: rows => {
      for (const row of rows) atHand.push(row);
      emit();
    },
    unsettled: () => Array.from({ length: unsettled.length }, (_, index) => unsettled.at(index)!),
    settled,
    failed,
    notify,
  });
  const onPause = (level: boolean): void => {
    state.isPaused = level;
    if (!level) emit();
  };
  subscriber.add(() => work.wake());
  subscriber.add(followLevel(consumer.pause$, onPause, failed));
  return work.released;
};
