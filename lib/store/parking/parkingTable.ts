import { quoteName } from '../sql/names.js';
import { run, type SqlClient } from '../sql/SqlClient.js';
import { tableColumns } from '../sql/tableColumns.js';

/** The first half of the advisory locks of parkings; the second one is the table's oid. */
const LOCK = 1_886_548_846;

/** A row, every value as text. */
export interface ParkedRow {
  readonly id: string;
  readonly subscriber: string;
  readonly key: string | null;
  readonly event: string;
  readonly error: string | null;
  readonly at: string;
}

/** The values to insert, and the bounds that apply to them. */
export interface Insertion {
  readonly subscriber: string;
  readonly key: string | undefined;
  readonly error: string | undefined;
  readonly texts: readonly string[];
  readonly bytes: number;
  readonly most: number;
  readonly mostBytes: number;
}

/** Whether an insertion was stored, or why not: its key had no row (`none`), or the bound that it would exceed. */
export type Inserted = 'stored' | 'none' | 'most' | 'mostBytes';

/** The operations of a parking. Each is one statement, so it is atomic both inside and outside a transaction. */
export interface ParkingTable {
  insert(insertion: Insertion, isBehind: boolean): Promise<Inserted>;
  last(): Promise<string | undefined>;
  read(after: string, count: number): Promise<readonly ParkedRow[]>;
  remove(ids: readonly string[]): Promise<number>;
  lock(): Promise<boolean>;
  unlock(): Promise<void>;
}

/**
 * The unique constraint is the index for the rows of a key, created in the same statement. If two programs create the table
 * at the same time, one of them gets one of three errors, in spite of `if not exists`. The error is caught here, so it does
 * not abort a transaction.
 */
const createdAs = (table: string): string => `do $rx_event_broker$ begin
  create table if not exists ${table} (
    id bigint generated always as identity primary key,
    subscriber text not null,
    key text,
    event text not null,
    error text,
    parked_at timestamptz not null default clock_timestamp(),
    unique (subscriber, key, id));
exception when unique_violation or duplicate_table or duplicate_object then null;
end $rx_event_broker$`;

const COLUMNS = ['id', 'subscriber', 'key', 'event', 'error', 'parked_at'];

/** Opens the table; creates it if there is none. */
export const parkingTable = async (client: SqlClient, name: string): Promise<ParkingTable> => {
  const table = quoteName(name);
  const oidOf = async (): Promise<string | null> => {
    const { rows } = await client.query(`select to_regclass($1)::oid::text as oid`, [table]);
    return (rows as readonly { readonly oid: string | null }[])[0]?.oid ?? null;
  };
  let oid = await oidOf();
  if (oid === null) {
    await client.query(createdAs(table));
    oid = await oidOf();
  }
  await tableColumns(client, name, COLUMNS);
  const lockKey = `${LOCK}, ${oid ?? '0'}::bigint::bit(32)::int`;
  // the bounds are checked only if there is something to insert
  const insertion = (isBehind: boolean): string => `with
    due as (select ${isBehind ? `exists (select from ${table} where subscriber = $1 and key = $2)` : 'true'} as due),
    room as (select due, case when not due then 'none'
        when (select count(*) from ${table} where subscriber = $1) + json_array_length($4::text::json) > $5::text::numeric then 'most'
        when (select coalesce(sum(octet_length(event)), 0) from ${table}) + $6::text::numeric > $7::text::numeric then 'mostBytes'
        else 'stored' end as room from due),
    stored as (insert into ${table} (subscriber, key, error, event)
      select $1, $2, $3, e.value from room, json_array_elements_text($4::text::json) with ordinality as e (value, place)
      where room = 'stored' order by e.place returning id)
    select room::text as room, (select count(*) from stored)::text as stored from room`;
  const [plain, behind] = [insertion(false), insertion(true)];
  // `p.id`: plain `id` would sort by the text
  const read = `select id::text as id, subscriber, key, event, error,
      (extract(epoch from parked_at) * 1000)::bigint::text as at
    from ${table} p where p.id > $1::text::bigint order by p.id limit $2::text::int`;
  const remove = `delete from ${table} where id in (select value::bigint from json_array_elements_text($1::text::json))
    returning id::text as id`;

  return {
    async insert({ subscriber, key, error, texts, bytes, most, mostBytes }, isBehind) {
      const values = [
        subscriber,
        key ?? null,
        error ?? null,
        JSON.stringify(texts),
        bound(most),
        String(bytes),
        bound(mostBytes),
      ];
      const { rows } = await run(client, isBehind ? behind : plain, values);
      return (rows as readonly { readonly room: Inserted }[])[0]!.room;
    },
    async last() {
      const { rows } = await client.query(`select max(id)::text as id from ${table}`);
      return (rows as readonly { readonly id: string | null }[])[0]?.id ?? undefined;
    },
    async read(after, count) {
      const { rows } = await run(client, read, [after, String(count)]);
      return rows as readonly ParkedRow[];
    },
    async remove(ids) {
      const { rows } = await run(client, remove, [JSON.stringify(ids)]);
      return rows.length;
    },
    async lock() {
      const { rows } = await client.query(`select pg_try_advisory_lock(${lockKey})::text as locked`);
      return (rows as readonly { readonly locked: string }[])[0]?.locked === 'true';
    },
    async unlock() {
      await client.query(`select pg_advisory_unlock(${lockKey})::text as unlocked`);
    },
  };
};

/** A bound as PostgreSQL reads it. `Infinity` is above every number there. */
const bound = (most: number): string => (Number.isFinite(most) ? String(most) : 'Infinity');
