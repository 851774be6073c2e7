import { aFunction, checkOptions, count, needed, type Check } from '../../flow/contract/options.js';
import type { Parked, ParkedFor, Parking } from '../../flow/contract/Parking.js';
import { ParkingFullError } from '../../flow/contract/ParkingFullError.js';
import { parkedCodec, type ParkedCodec } from '../../flow/parking/parkedCodec.js';
import { parkingOn } from '../../flow/parking/parkingOn.js';
import { checkClient } from '../sql/checkClient.js';
import type { SqlClient } from '../sql/SqlClient.js';
import { parkingTable, type ParkedRow, type ParkingTable } from './parkingTable.js';
import { ReplayRunningError } from './ReplayRunningError.js';

/** The default of `mostBytes`. */
const DEFAULT_MOST_BYTES = 256 * 1024 * 1024;

/**
 * Options of `sqlParking`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface SqlParkingOptions<E> extends ParkedCodec<E> {
  /** One connection. If a transaction is open on it, events are parked in that transaction. */
  readonly client: SqlClient;
  /** The table; a dot separates schema and name. Case counts. Created at the first call, if it does not exist. Default `'parked_events'`. */
  readonly table?: string;
  /** The most bytes of all events in the table together, as UTF-8 text. Default 256 MiB, at least 1. */
  readonly mostBytes?: number;
}

/** Any value: `checkClient` then checks its methods. */
const aClient: Check = needed({ expected: 'one connection, such as a Client or a PoolClient', allows: () => true });
const name: Check = { expected: 'a name', allows: value => typeof value === 'string' && value !== '' };

/**
 * Parks events in a table of PostgreSQL or PGlite. Several processes may share the table: the statement that parks an event
 * also checks whether an earlier event of its key is parked. With a key, that is one statement for each event (promise B22l).
 *
 * A statement that is sent while a transaction is open on the connection belongs to that transaction: with the connection of a
 * block store, events are parked with their block.
 *
 * A call rejects with `TableColumnsError` if the table lacks columns, with what `encode` throws, otherwise with the driver's own
 * error. A replay errors with `ReplayRunningError` while another connection is replaying the table. Throws `OptionError`.
 *
 * @param options - `client` is required.
 * @example
 * ```ts
 * const failed = sqlParking<Payment>({ client, table: 'failed_payments' });
 * broker.subscribe({
 *   name: 'payments',
 *   required: true,
 *   types: ['Payment'],
 *   lanes: lanes({ concurrency: 8, by: (e: Payment) => e.account }),
 *   onFailure: park(failed),
 *   next: payment => bank.pay(payment),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export const sqlParking = <E>(options: SqlParkingOptions<E>): Parking<E> => {
  const checked = checkOptions('sqlParking', options, {
    client: aClient,
    table: name,
    mostBytes: count(1),
    encode: aFunction,
    decode: aFunction,
  });
  const { client, table: of = 'parked_events', mostBytes = DEFAULT_MOST_BYTES } = checked;
  checkClient(client);
  const codec = parkedCodec<E>(checked);
  let opened: Promise<ParkingTable> | undefined;
  let sent: Promise<unknown> = Promise.resolve();

  /** One statement at a time. After a failure the table is checked again: its creation may have been rolled back. */
  const send = <T>(statement: (table: ParkingTable) => Promise<T>): Promise<T> => {
    const result = sent.then(async () => {
      try {
        return await statement(await (opened ??= parkingTable(client, of)));
      } catch (error) {
        opened = undefined;
        throw error;
      }
    });
    sent = result.catch(() => undefined);
    return result;
  };

  const insert = async (
    events: readonly E[],
    error: string | undefined,
    { subscriber, key, most }: ParkedFor,
    isBehind: boolean,
  ): Promise<boolean> => {
    const texts = events.map(event => codec.encode(event));
    const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
    const values = { subscriber, key, error, texts, bytes, most, mostBytes };
    const inserted = await send(table => table.insert(values, isBehind));
    if (inserted === 'most') throw new ParkingFullError(subscriber, 'most', most);
    if (inserted === 'mostBytes') throw new ParkingFullError(subscriber, 'mostBytes', mostBytes);
    return inserted === 'stored';
  };

  const parkedOf = ({ id, subscriber, key, event, error, at }: ParkedRow): Parked<E> => ({
    id,
    subscriber,
    key: key ?? undefined,
    event: codec.decode(event, id),
    error: error ?? undefined,
    at: Number(at),
  });

  return parkingOn<E>({
    key: client,
    add: async (events, error, who) => {
      await insert(events, error, who, false);
    },
    addBehind: (events, who) => insert(events, undefined, who, true),
    last: () => send(table => table.last()),
    read: async (after, most) => (await send(table => table.read(after ?? '0', most))).map(parkedOf),
    remove: ids => send(table => table.remove(ids)),
    lock: async () => {
      if (!(await send(table => table.lock()))) throw new ReplayRunningError(of);
      return () => send(table => table.unlock());
    },
  });
};
