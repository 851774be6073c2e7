import { quoteColumn, quoteName } from '../sql/names.js';
import { run, type SqlClient } from '../sql/SqlClient.js';
import { checkTable } from './checkTable.js';
import type { OutboxKey, OutboxRow } from './OutboxRow.js';

/** The first half of the advisory locks of outboxes; the second one is the table's oid. */
const LOCK = 1_986_815_348;

/** The statements of an outbox. Each is a transaction of its own. */
export interface OutboxTable<Column extends string> {
  /** Becomes the only reader, if there is none. */
  lock(): Promise<boolean>;
  unlock(): Promise<void>;
  /** The next rows after `last`, of transactions before which none is open. */
  next(limit: number, last: OutboxKey | undefined): Promise<readonly OutboxRow<Column>[]>;
  remove(keys: readonly OutboxKey[]): Promise<void>;
  /** The oldest open transaction, if committed rows wait for its end. */
  heldBackBy(): Promise<string | undefined>;
}

/**
 * The rows of all transactions below `pg_snapshot_xmin` are final: those transactions have ended, and no later one gets
 * a lower number. So within them `(xid, id)` is an order in which nothing is inserted behind a reader (promise X1).
 *
 *     xid     7 committed   8 open   9 committed  │
 *     xmin    ─────────────►8                       rows of 7 are read; those of 9 wait for 8
 */
export const outboxTable = async <Column extends string>(
  client: SqlClient,
  name: string,
  columns: readonly Column[],
): Promise<OutboxTable<Column>> => {
  const { oid, idType } = await checkTable(client, name, columns);
  const table = quoteName(name);
  const texts = [...new Set(['xid', 'id', ...columns])].map(quoteColumn).map(one => `o.${one}::text as ${one}`);
  const lockKey = `${LOCK}, ${oid}::bigint::bit(32)::int`;
  // `o.`: without it, the order would be that of the texts
  const nextIn = (after: string): string => `select ${texts.join(', ')} from ${table} o
    where o.xid < pg_snapshot_xmin(pg_current_snapshot()) ${after} order by o.xid, o.id limit $1::text::bigint`;
  const first = nextIn('');
  const further = nextIn(`and (o.xid, o.id) > ($2::text::xid8, $3::text::${idType})`);
  const remove = `delete from ${table} o using unnest($1::text::xid8[], $2::text::${idType}[]) as k (xid, id)
    where o.xid = k.xid and o.id = k.id`;
  const held = `select pg_snapshot_xmin(s)::text as xmin from pg_current_snapshot() as s
    where exists (select from ${table} o where o.xid >= pg_snapshot_xmin(s))`;

  return {
    async lock() {
      const { rows } = await client.query(`select pg_try_advisory_lock(${lockKey})::text as locked`);
      return (rows as readonly { readonly locked: string }[])[0]?.locked === 'true';
    },
    async unlock() {
      await client.query(`select pg_advisory_unlock(${lockKey})::text as unlocked`);
    },
    async next(limit, last) {
      const { rows } =
        last === undefined
          ? await run(client, first, [String(limit)])
          : await run(client, further, [String(limit), last.xid, last.id]);
      return rows as readonly OutboxRow<Column>[];
    },
    async remove(keys) {
      const textOf = (field: keyof OutboxKey): string => `{${keys.map(key => key[field]).join(',')}}`;
      await run(client, remove, [textOf('xid'), textOf('id')]);
    },
    async heldBackBy() {
      const { rows } = await run(client, held, []);
      return (rows as readonly { readonly xmin: string }[])[0]?.xmin;
    },
  };
};
