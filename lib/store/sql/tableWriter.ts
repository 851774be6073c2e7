import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { countOption, OptionError } from '../../flow/OptionError.js';
import type { BlockSubscriber } from '../BlockSubscriber.js';
import { columnTypes } from './columnTypes.js';
import { copyText } from './copyText.js';
import type { SqlClient } from './SqlClient.js';
import { arrayText, sqlText } from './sqlText.js';
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

interface Kept<E> {
  readonly event: E;
  readonly row: readonly unknown[];
}

let stagings = 0;

/**
 * A subscriber that keeps rows: it collects those of a block and writes them at once, by `unnest`, or by COPY where it
 * is given how and there are many. Upserts where keys are given; of rows with the same keys the last one stays. Values are
 * sent as parameters or COPY text, never as SQL; names are quoted.
 *
 * Under `onFailure: 'continue'` rows that fail together are tried again one by one, and the bad ones announced with their
 * event.
 *
 * **Errors.** `TableColumnsError` where the table lacks a column; an `OptionError` where a row has another number of
 * values than there are columns; else the driver's own. **Gotchas.** Say the types: `tableWriter<VegaEvent, 'Trade', Client>({ … })`. It has the state of one block: one for each
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
  const staging = `block_store_staging_${String(++stagings)}`;
  const keyPlaces = keys.map(key => columns.indexOf(key));

  let kept: Kept<EventOf<E, T>>[] = [];
  let types: readonly string[] | undefined;

  const write = async (client: C, rows: readonly (readonly unknown[])[]): Promise<void> => {
    const sqlTypes = (types ??= await columnTypes(client, options.table, columns));
    const texts = lastOfEachKey(
      rows.map(row => row.map((value, i) => sqlText(value, sqlTypes[i]!))),
      keyPlaces,
    );
    if (copy === undefined || texts.length < copyFrom) {
      const arrays = sqlTypes.map((_, i) => arrayText(texts.map(row => row[i]!)));
      await client.query(insertFromArrays(table, sqlTypes), arrays);
    } else if (keys.length === 0) {
      await copy(client, into(table), copyText(texts));
    } else {
      await client.query(makeStaging(table, staging));
      await copy(client, into({ table: staging, columns }), copyText(texts));
      await client.query(insertFromStaging(table, staging));
    }
  };

  const writeKept = async (client: C): Promise<void> => {
    await write(
      client,
      kept.map(({ row }) => row),
    );
    kept = [];
  };

  return {
    name,
    types: eventTypes,
    beginBlock: () => {
      kept = [];
    },
    next: (event, client) => {
      const rows = rowsOf(event);
      const odd = rows.find(row => row.length !== columns.length);
      if (odd !== undefined) throw new OptionError('rowsOf', `rows of ${String(columns.length)} values`, odd.length);
      for (const row of rows) kept.push({ event, row });
      return kept.length >= maxRows ? writeKept(client) : undefined;
    },
    flush: client => (kept.length === 0 ? undefined : writeKept(client)),
    parts: () => {
      const rows = kept;
      kept = [];
      return rows.map(({ event, row }) => ({ events: [event], write: client => write(client, [row]) }));
    },
  };
};

/** An upsert may meet a row once: of those with the same keys only the last one counts. A null equals nothing. */
const lastOfEachKey = (
  rows: readonly (readonly (string | null)[])[],
  keyPlaces: readonly number[],
): readonly (readonly (string | null)[])[] => {
  if (keyPlaces.length === 0) return rows;
  const byKey = new Map<string, readonly (string | null)[]>();
  rows.forEach((row, i) => {
    const key = keyPlaces.map(place => row[place] ?? null);
    byKey.set(key.includes(null) ? String(i) : JSON.stringify(key), row);
  });
  return [...byKey.values()];
};
