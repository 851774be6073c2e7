import { quoteColumn, quoteName } from '../sql/names.js';
import { run, type SqlClient } from '../sql/SqlClient.js';
import { checkTable } from './checkTable.js';
import type { OutboxRow } from './OutboxRow.js';
import { OutboxTableError } from './OutboxTableError.js';

/** The first half of the advisory locks of outboxes; the second one is the table's oid. */
const LOCK = 1_986_815_348;

/** The statements of an outbox. Each is a transaction of its own. */
export interface OutboxTable<Column extends string> {
  /** Becomes the only reader, if there is none. */
  lock(): Promise<boolean>;
  unlock(): Promise<void>;
  /** The committed rows with the lowest ids, except these: at most `batchSize`. */
  next(except: readonly string[]): Promise<readonly OutboxRow<Column>[]>;
  /** Deletes rows. Throws if one is still there. */
  remove(ids: readonly string[]): Promise<void>;
}

/**
 * If two writers take the same lock, the second one gets its id after the first one has committed. So a snapshot with the
 * second row also has the first row, which has a lower id (promise X1b). No id serves as a cursor: a row that is committed
 * late is found by a later fetch, whatever its id (promise X1a).
 *
 *     first    lock ── id 1 ── commit
 *     second          waits for the lock ── id 2 ── commit
 *     other    id 0 ──────────────────────────────────────── commit
 *     rows                       1 ──────────────────── 2 ──── 0
 */
export const outboxTable = async <Column extends string>(
  client: SqlClient,
  name: string,
  columns: readonly Column[],
  batchSize: number,
): Promise<OutboxTable<Column>> => {
  const { oid, idType } = await checkTable(client, name, columns);
  const table = quoteName(name);
  const texts = [...new Set(['id', ...columns])].map(quoteColumn).map(one => `o.${one}::text as ${one}`);
  const lockKey = `${LOCK}, ${oid}::bigint::bit(32)::int`;
  const ids = `$1::text::${idType}[]`;
  // `not in (select …)` uses a hash table in every version, even in a generic plan; `<> all` of a parameter loops there.
  // `o.id`: plain `id` would sort by the text. With the limit as a literal, the planner walks the index.
  const next = `select ${texts.join(', ')} from ${table} o
    where o.id not in (select unnest(${ids})) order by o.id limit ${batchSize}`;
  const remove = `delete from ${table} o using unnest(${ids}) as k (id) where o.id = k.id returning o.id::text as id`;
  const present = `select o.id::text as id from ${table} o where o.id in (select unnest(${ids})) limit 1`;
  const arrayOf = (keys: readonly string[]): string => `{${keys.join(',')}}`;

  return {
    async lock() {
      const { rows } = await client.query(`select pg_try_advisory_lock(${lockKey})::text as locked`);
      return (rows as readonly { readonly locked: string }[])[0]?.locked === 'true';
    },
    async unlock() {
      await client.query(`select pg_advisory_unlock(${lockKey})::text as unlocked`);
    },
    async next(except) {
      const { rows } = await run(client, next, [arrayOf(except)]);
      return rows as readonly OutboxRow<Column>[];
    },
    async remove(keys) {
      const { rows } = await run(client, remove, [arrayOf(keys)]);
      if (rows.length === keys.length) return;
      // either another session deleted a row, which is harmless, or a row is kept and would be emitted again and again
      const { rows: kept } = await run(client, present, [arrayOf(keys)]);
      const [row] = kept as readonly { readonly id: string }[];
      if (row !== undefined) {
        const found = `row ${row.id} still there: a trigger or a policy keeps it`;
        throw new OutboxTableError(name, 'deleted rows to be gone', found);
      }
    },
  };
};
