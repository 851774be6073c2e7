import { from, lastValueFrom, toArray } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import type { CommittedBlock } from '../../../lib/store/blocks.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { tableWriter, type TableWriterOptions } from '../../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from '../chainOf.js';

export type Writer<C extends SqlClient> = TableWriterOptions<ChainEvent, 'Row', C>;
export type Rows = readonly (readonly unknown[])[];

export interface Suite<C extends SqlClient> {
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly client: () => C;
  readonly copy: NonNullable<Writer<C>['copy']>;
}

let schemas = 0;

/** What the suites of `tableWriter` do with a connection. */
export const writerOn = <C extends SqlClient>(client: () => C) => {
  const run = (
    events: readonly ChainEvent[],
    writer: Omit<Writer<C>, 'types'>,
    onFailure: 'stop' | 'continue' = 'stop',
    notices: Notice<ChainEvent>[] = [],
  ): Promise<readonly CommittedBlock[]> => {
    const blocks$ = storeBlocks<ChainEvent, C, readonly ['Row']>(from(events), {
      chainId: CHAIN_ID,
      store: sqlBlockStore(client()),
      blockMark: event => event,
      subscribers: [tableWriter<ChainEvent, 'Row', C>({ types: ['Row'], ...writer })],
      onFailure,
      notices: { next: notice => notices.push(notice) },
    });
    return lastValueFrom(blocks$.pipe(toArray()), { defaultValue: [] });
  };
  return {
    run,
    /** A schema of its own, with these tables. */
    inSchema: async (...tables: readonly string[]): Promise<void> => {
      const schema = `writer_${++schemas}`;
      await client().query(`create schema ${schema}`);
      await client().query(`set search_path to ${schema}`);
      for (const table of tables) await client().query(table);
    },
    select: async (sql: string): Promise<unknown[]> => (await client().query(sql)).rows,
    /** Block 1 with an event a row. */
    writeRows: (
      rows: Rows,
      writer: Omit<Writer<C>, 'types' | 'rowsOf'>,
      ...more: [('stop' | 'continue')?, Notice<ChainEvent>[]?]
    ) =>
      run(blockEvents(1, { rows: rows.length }), { ...writer, rowsOf: ({ value }) => [rows[value - 1000]!] }, ...more),
  };
};
