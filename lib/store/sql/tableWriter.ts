import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { countOption, OptionError } from '../../flow/OptionError.js';
import type { BlockSubscriber } from '../BlockSubscriber.js';
import { columnTypes } from './columnTypes.js';
import { copyText } from './copyText.js';
import type { SqlClient } from './SqlClient.js';
import { arrayText, sqlText } from './sqlText.js';
import { run, type Statement } from './statement.js';
import { insertFromArrays, insertFromStaging, into, makeStaging, type Table } from './tableStatements.js';

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
  /** From so many rows on `copy` is used. Default 100. */
  readonly copyFrom?: number;
  /** Rows that are kept before they are written, the block not yet being at its end. Default 10,000. */
  readonly maxRows?: number;
  /** For errors and notices. Default: the table. */
  readonly name?: string;
}

type Row = readonly unknown[];

/** What is known once the table was looked at. */
interface Target {
  readonly types: readonly string[];
  readonly insert: Statement;
}

/** Makes the names of temporary tables and prepared statements, which a connection may have of many writers. */
let writers = 0;

/**
 * A subscriber that keeps rows: it collects those of a block and writes them at once, by `unnest`, or by COPY where it
 * is given how and there are many. Upserts where keys are given; of rows with the same keys the last one stays. Values are
 * sent as parameters or COPY text, never as SQL; names are quoted.
 *
 * Under `onFailure: 'continue'` rows that fail together are tried again one by one, and the bad ones announced with their
 * event.
 *
 * **Errors.** `TableColumnsError` where the table lacks a column; an `OptionError` where a row has another number of
 * values than there are columns; else the driver's own.
 *
 * **Gotchas.** Say the types: `tableWriter<VegaEvent, 'Trade', Client>({ … })`. It has the state of one block: one for each
 * `storeBlocks`. COPY fires triggers, and knows no rules.
 */
export const tableWriter = <E extends AnyEvent, const T extends E['type'] | All, C extends SqlClient = SqlClient>(
  options: TableWriterOptions<E, T, C>,
): BlockSubscriber<E, T, C> => {
  const { types: eventTypes, columns, keys = [], rowsOf, copy, name = options.table } = options;
  const table: Table = { table: options.table, columns, keys };
  const copyFrom = countOption('copyFrom', options.copyFrom ?? 100, 1);
  const maxRows = countOption('maxRows', options.maxRows ?? 10_000, 1);
  const unknownKey = keys.find(key => !columns.includes(key));
  if (unknownKey !== undefined) throw new OptionError('keys', `some of the columns ${columns.join(', ')}`, unknownKey);
  const own = `block_store_rows_${String(++writers)}`;
  const keyPlaces = keys.map(key => columns.indexOf(key));

  // a row and its event, at the same place
  let rows: Row[] = [];
  let events: EventOf<E, T>[] = [];
  let target: Target | undefined;

  const forget = (): void => {
    rows = [];
    events = [];
  };

  const look = async (client: C): Promise<Target> => {
    const types = await columnTypes(client, options.table, columns);
    return { types, insert: { name: own, text: insertFromArrays(table, types) } };
  };

  const write = async (client: C, given: readonly Row[]): Promise<void> => {
    const { types, insert } = (target ??= await look(client));
    const last = lastOfEachKey(given, types, keyPlaces);
    if (copy === undefined || last.length < copyFrom) {
      const arrays = types.map((type, i) =>
        arrayText(
          last.map(row => row[i]),
          type,
        ),
      );
      await run(client, insert, arrays);
    } else if (keys.length === 0) {
      await copy(client, into(table), copyText(last, types));
    } else {
      await client.query(makeStaging(table, own));
      await copy(client, into({ table: own, columns }), copyText(last, types));
      await client.query(insertFromStaging(table, own));
    }
  };

  const writeKept = (client: C): Promise<void> => write(client, rows).then(forget);

  return {
    name,
    types: eventTypes,
    beginBlock: forget,
    next: (event, client) => {
      const given = rowsOf(event);
      const odd = given.find(row => row.length !== columns.length);
      if (odd !== undefined) throw new OptionError('rowsOf', `rows of ${String(columns.length)} values`, odd.length);
      for (const row of given) {
        rows.push(row);
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

/** An upsert may meet a row once: of those with the same keys only the last one counts. A null equals nothing. */
const lastOfEachKey = (
  rows: readonly Row[],
  types: readonly string[],
  keyPlaces: readonly number[],
): readonly Row[] => {
  if (keyPlaces.length === 0) return rows;
  const byKey = new Map<string, Row>();
  rows.forEach((row, i) => {
    const key = keyPlaces.map(place => sqlText(row[place], types[place]!));
    byKey.set(key.includes(null) ? String(i) : JSON.stringify(key), row);
  });
  return [...byKey.values()];
};
