import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { aFunction, checkOptions, count, needed, text } from '../../flow/options.js';
import { OptionError } from '../../flow/OptionError.js';
import type { BlockSubscriber } from '../BlockSubscriber.js';
import { copyText } from './copyText.js';
import { names, someNames } from './nameOptions.js';
import { temporaryName } from './ownName.js';
import type { SqlClient } from './SqlClient.js';
import { arrayText } from './sqlText.js';
import { run } from './statement.js';
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

/** Options of `tableWriter`. */
export interface TableWriterOptions<E extends AnyEvent, T, C extends SqlClient> {
  readonly types: readonly T[];
  /** `orders`, or `app.orders`. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns of a unique index: a row whose keys are there updates it. Default: none, rows are inserted. */
  readonly keys?: readonly string[];
  /** The rows of an event: none, one or many, values in the order of `columns`. */
  readonly rowsOf: (event: EventOf<E, T>) => readonly (readonly unknown[])[];
  /** Sends `text`, rows in the text format of COPY, into `into`, a table and its columns. Default: no COPY. */
  readonly copy?: (client: C, into: string, text: string) => PromiseLike<unknown>;
  /** From this many rows on `copy` is used. Default 100. */
  readonly copyFrom?: number;
  /** Rows that are kept before they are written, the block not yet being at its end. Default 10,000. */
  readonly maxRows?: number;
  /** For errors and notices. Default: the table. */
  readonly name?: string;
}

type Row = readonly unknown[];

/** What is known once the table was looked at. */
interface Target {
  readonly table: Table;
  readonly insert: string;
  /** The name of a temporary table. */
  readonly staging: string;
}

/**
 * A subscriber that keeps rows: it collects those of a block and writes them at once, by `unnest`, or by COPY where it
 * is given how and there are many. Upserts where keys are given; of rows whose keys the database takes for equal the last one
 * stays. Values are sent as parameters or COPY text, never as SQL; names are quoted.
 *
 * Under `onFailure: 'continue'` rows that fail together are tried again one by one, and the bad ones announced with their
 * event.
 *
 * **Errors.** `TableColumnsError` where the table lacks a column; `ColumnValueError` for a value that cannot be stored; an
 * `OptionError` where a row has another number of values than there are columns; else the driver's own.
 *
 * **Gotchas.** Say the types: `tableWriter<VegaEvent, 'Trade', Client>({ … })`. It has the state of one block: one for each
 * `storeBlocks`. COPY fires triggers, and knows no rules.
 */
export const tableWriter = <E extends AnyEvent, const T extends E['type'] | All, C extends SqlClient = SqlClient>(
  options: TableWriterOptions<E, T, C>,
): BlockSubscriber<E, T, C> => {
  checkOptions('tableWriter', options, CHECKS);
  const { types: eventTypes, rowsOf, copy, copyFrom = 100, maxRows = 10_000 } = options;
  const [columns, keys] = [[...options.columns], [...(options.keys ?? [])]];
  const unknownKey = keys.find(key => !columns.includes(key));
  if (unknownKey !== undefined) throw new OptionError('keys', `some of the columns ${columns.join(', ')}`, unknownKey);

  // a row and its event, at the same place
  let rows: Row[] = [];
  let events: EventOf<E, T>[] = [];
  let target: Target | undefined;
  let isStale = false;

  /** The staging table holds rows of this block. */
  let staged = false;

  const forget = (): void => {
    rows = [];
    events = [];
  };

  const look = async (client: C, before: Target | undefined): Promise<Target> => {
    const found = await tableColumns(client, options.table, columns);
    const nullsEqual = keys.length > 0 && (await areNullsEqual(client, options.table, keys));
    const table = { table: options.table, columns: found, keys, nullsEqual };
    if (before !== undefined && JSON.stringify(before.table) === JSON.stringify(table)) return before;
    return { table, insert: insertFromArrays(table), staging: temporaryName() };
  };

  const write = async (client: C, given: readonly Row[]): Promise<void> => {
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
      if (staged) await client.query(emptyStaging(staging));
      staged = true;
      await copy(client, intoStaging(table, staging), copyText(given, table.columns, true));
      await client.query(insertFromStaging(table, staging));
    }
  };

  const writeKept = async (client: C): Promise<void> => {
    try {
      await write(client, rows);
    } catch (error) {
      // the table may have been changed since it was looked at, and the rows be good
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
      staged = false;
    },
    next: (event, client) => {
      const given = rowsOf(event);
      const odd = given.find(row => row.length !== columns.length);
      if (odd !== undefined) throw new OptionError('rowsOf', `rows of ${String(columns.length)} values`, odd.length);
      for (const row of given) {
        // the row as it is now: its array may be used again
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
