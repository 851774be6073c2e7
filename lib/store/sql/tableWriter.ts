import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { aFunction, checkOptions, count, needed, text } from '../../flow/contract/options.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import type { BlockSubscriber } from '../BlockSubscriber.js';
import { copyText } from './copyText.js';
import { names, someNames, temporaryName } from './names.js';
import { type SqlClient, run } from './SqlClient.js';
import { arrayText } from './sqlText.js';
import { areNullsEqual, tableColumns } from './tableColumns.js';
import {
  emptyStaging,
  insertFromArrays,
  insertFromStaging,
  into,
  intoStaging,
  makeStaging,
  type Table,
} from './tableStatements.js';

/**
 * Options of `tableWriter`.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface TableWriterOptions<E extends AnyEvent, T, C extends SqlClient> {
  /** The event types to receive. */
  readonly types: readonly T[];
  /** The table, with or without its schema: `orders` or `app.orders`. */
  readonly table: string;
  /** The columns that are written. */
  readonly columns: readonly string[];
  /** Columns of a unique index. A row whose keys already exist updates the existing row. Default: none, rows are inserted. */
  readonly keys?: readonly string[];
  /** The rows of an event: none, one or many; the values in the order of `columns`. */
  readonly rowsOf: (event: EventOf<E, T>) => readonly (readonly unknown[])[];
  /** Sends `text`, rows in COPY's text format, to `into`, a table and its columns. Default: none, COPY is not used. */
  readonly copy?: (client: C, into: string, text: string) => PromiseLike<unknown>;
  /** The number of rows from which `copy` is used. Default 100, at least 1. */
  readonly copyFrom?: number;
  /** The most rows collected before they are written, even if the block has not ended. Default 10,000, at least 1. */
  readonly maxRows?: number;
  /** A name for errors and notices. Default: the table. */
  readonly name?: string;
}

type RowValues = readonly unknown[];

/** What is known after reading the table's columns. */
interface Target {
  readonly table: Table;
  readonly insert: string;
  /** The name of a temporary table. */
  readonly staging: string;
}

/**
 * Creates a block subscriber that writes rows. It collects the rows of a block and writes them together with `unnest`, or
 * with COPY if `copy` is given and there are many rows. With `keys` it upserts, and of rows with equal keys the last one
 * stays (promise S13). Values are sent as parameters or COPY text, never as SQL; names are quoted.
 *
 * Under `onFailure: 'continue'`, rows that fail together are retried one by one, and the bad ones are reported with
 * their event.
 *
 * **Errors.** `TableColumnsError`: the table lacks a column. `ColumnValueError`: a value cannot be stored.
 * `OptionError`: a row does not have one value per column. Otherwise the driver's own.
 *
 * **Gotchas.** Name the types: `tableWriter<VegaEvent, 'Trade', Client>({ … })`. It holds the state of one block, so
 * create one for each `storeBlocks`. COPY fires triggers and ignores rules.
 *
 * @example
 * ```ts
 * const trades = tableWriter<VegaEvent, 'Trade'>({
 *   types: ['Trade'],
 *   table: 'trades',
 *   columns: ['id', 'price'],
 *   keys: ['id'],
 *   rowsOf: ({ payload }) => [[payload.id, payload.price]],
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const tableWriter = <E extends AnyEvent, const T extends E['type'] | All, C extends SqlClient = SqlClient>(
  options: TableWriterOptions<E, T, C>,
): BlockSubscriber<E, T, C> => {
  checkOptions('tableWriter', options, CHECKS);
  const { types: eventTypes, rowsOf, copy, copyFrom = 100, maxRows = 10_000 } = options;
  const [columns, keys] = [[...options.columns], [...(options.keys ?? [])]];
  const unknownKey = keys.find(key => !columns.includes(key));
  if (unknownKey !== undefined) throw new OptionError('keys', `some of the columns ${columns.join(', ')}`, unknownKey);

  // Row i belongs to event i.
  let rows: RowValues[] = [];
  let events: EventOf<E, T>[] = [];
  let target: Target | undefined;
  let isStale = false;

  /** Whether the staging table has rows of this block. */
  let isStaged = false;

  const forget = (): void => {
    rows = [];
    events = [];
  };

  const look = async (client: C, before: Target | undefined): Promise<Target> => {
    const found = await tableColumns(client, options.table, columns);
    const hasEqualNulls = keys.length > 0 && (await areNullsEqual(client, options.table, keys));
    const table = { table: options.table, columns: found, keys, nullsEqual: hasEqualNulls };
    if (before !== undefined && JSON.stringify(before.table) === JSON.stringify(table)) return before;
    return { table, insert: insertFromArrays(table), staging: temporaryName() };
  };

  const write = async (client: C, given: readonly RowValues[]): Promise<void> => {
    if (target === undefined || isStale) target = await look(client, target);
    isStale = false;
    const { table, insert, staging } = target;
    if (copy === undefined || given.length < copyFrom) {
      const arrays = table.columns.map((column, i) => {
        const values = given.map(row => row[i]);
        return arrayText(values, column, column.isArray ? ',' : column.delimiter);
      });
      await run(client, insert, arrays);
    } else if (keys.length === 0) {
      await copy(client, into(table), copyText(given, table.columns));
    } else {
      await client.query(makeStaging(table, staging));
      if (isStaged) await client.query(emptyStaging(staging));
      isStaged = true;
      await copy(client, intoStaging(table, staging), copyText(given, table.columns, true));
      await client.query(insertFromStaging(table, staging));
    }
  };

  const writeKept = async (client: C): Promise<void> => {
    try {
      await write(client, rows);
    } catch (error) {
      // The table may have changed since its columns were read, and the rows may be valid.
      isStale = true;
      throw error;
    }
    forget();
  };

  return {
    name: options.name ?? options.table,
    types: eventTypes,
    beginBlock: () => {
      forget();
      isStaged = false;
    },
    next: (event, client) => {
      const given = rowsOf(event);
      checkRows(given);
      const odd = given.find(row => row.length !== columns.length);
      if (odd !== undefined) throw new OptionError('rowsOf', `rows of ${columns.length} values`, odd.length);
      for (const row of given) {
        // A copy: the caller may reuse its array.
        rows.push([...row]);
        events.push(event);
      }
      return rows.length >= maxRows ? writeKept(client) : undefined;
    },
    flush: client => (rows.length === 0 ? undefined : writeKept(client)),
    parts: () => {
      const parts = rows.map((row, i) => ({ events: [events[i]!], write: (client: C) => write(client, [row]) }));
      forget();
      return parts;
    },
  };
};

const checkRows = (given: unknown): void => {
  if (Array.isArray(given)) return;
  ignoreOutcome(given);
  throw new OptionError('rowsOf', 'a function that returns an array of rows', given);
};

const CHECKS = {
  types: needed({ expected: 'an array', allows: Array.isArray }),
  table: needed(text),
  columns: needed(someNames),
  keys: names,
  rowsOf: needed(aFunction),
  copy: aFunction,
  copyFrom: count(1),
  maxRows: count(1),
  name: text,
};
