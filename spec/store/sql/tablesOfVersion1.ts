/** The tables as version 1 of the store made them, with the blocks 4 (twice) to 6. Written out: they must never change. */
export const TABLES_OF_VERSION_1 = [
  `create table if not exists block_store_version (
     only_row boolean primary key default true check (only_row),
     version integer not null)`,
  `create table if not exists block_store_progress (
     only_row boolean primary key default true check (only_row),
     first_height bigint not null,
     height bigint not null,
     hashes text[] not null)`,
  `create table if not exists block_store_blocks (
     height bigint primary key,
     hash text not null,
     time timestamptz not null)`,
  `insert into block_store_version (version) values (1) on conflict do nothing`,
  `insert into block_store_progress (first_height, height, hashes) values (4, 6, array['ee4', 'ab4'])`,
  `insert into block_store_blocks (height, hash, time) values
     (4, 'ab4', '2023-11-14 22:13:20.123456+00'),
     (5, 'ab5', '2023-11-14 22:13:21.123456+00'),
     (6, 'ab6', '2023-11-14 22:13:22.123456+00')`,
];

/** How version 1 added a block: `$1` its height, `$2` its hash, `$3` its time. */
export const ADD_OF_VERSION_1 = `with moved as (
    insert into block_store_progress as p (first_height, height, hashes)
    values ($1::bigint, $1::bigint, array[$2::text])
    on conflict (only_row) do update set
      height = $1::bigint,
      hashes = case when p.first_height = $1::bigint then p.hashes || $2::text else p.hashes end
    where p.height + 1 = $1::bigint
       or (p.height = $1::bigint and p.first_height = $1::bigint and p.hashes <> array[$2::text]
           and cardinality(p.hashes) = 1)
    returning height)
  insert into block_store_blocks (height, hash, time)
  select height, $2::text, $3::timestamptz from moved
  on conflict (height) do update set hash = excluded.hash, time = excluded.time
  returning height::text as height, txid_current()::text as transaction`;

export const VERSION_OF_VERSION_1 = 'select version::text as version from block_store_version';
