/** The statements of a block store, for the tables in one schema. Each comment begins with the parameters, in order. */
export interface StoreStatements {
  /** `name`. */
  readonly progress: string;
  /** `name`. Raises the epoch and returns the progress. Waits for a commit in flight, and includes its block. */
  readonly takeOver: string;
  /** `height, hash, time, name, epoch`. Stores the block and moves the progress. No row if the block is not the next one. */
  readonly add: string;
  /** `height, hash, name, epoch, idle`. Checks without a lock whether the block is the next one. `idle`: see below, in ms. */
  readonly look: string;
  /**
   * `height, hash, time, name, epoch, position, transaction, idle`. `add` for the end of a block, with the position. One row; its
   * `transaction` is null if it is not the next one. The limit holds then, too: if it waited for another owner, it has locked its row.
   */
  readonly move: string;
  /** `name, position`. */
  readonly setPosition: string;
  /** `name`. Reads the epoch and the transaction, to explain why a statement above returned no row. */
  readonly explain: string;
}

/** Values as text, so that the result does not depend on how a driver parses a bigint or an array. */
const PROGRESS = `p.first_height::text as first, p.height::text as height, array_to_json(p.hashes)::text as hashes,
  p.epoch::text as epoch, p.position as position`;

const IS_NEXT = `(p.height is null or p.height + 1 = $1::bigint
  or (p.height = $1::bigint and p.first_height = $1::bigint and p.hashes <> array[$2::text]
      and cardinality(p.hashes) = 1))`;

const MOVED = `first_height = coalesce(p.first_height, $1::bigint),
  height = $1::bigint,
  hashes = case when p.height is null then array[$2::text]
                when p.first_height = $1::bigint then p.hashes || $2::text
                else p.hashes end`;

/** After that time the server disconnects a stopped or cut-off client, which would keep the locks of this transaction. */
const idle = (place: string): string => `set_config('idle_in_transaction_session_timeout', ${place}::text, true)`;

/** The update of the progress locks its row, so of two writers one waits and is then rejected. */
export const storeStatements = (schema: string): StoreStatements => {
  const progress = `${schema}block_store_progress`;
  /** The row of the block is written only if the progress was updated. */
  const block = `insert into ${schema}block_store_blocks (name, height, hash, time)
    select $4::text, height, $2::text, $3::timestamptz from moved
    on conflict (name, height) do update set hash = excluded.hash, time = excluded.time
    returning txid_current()::text as transaction`;
  return {
    progress: `select ${PROGRESS} from ${progress} p where p.name = $1::text`,
    takeOver: `insert into ${progress} as p (name, epoch) values ($1::text, 1)
      on conflict (name) do update set epoch = p.epoch + 1
      returning ${PROGRESS}`,
    add: `with moved as (
        insert into ${progress} as p (name, first_height, height, hashes, epoch)
        values ($4::text, $1::bigint, $1::bigint, array[$2::text], $5::bigint)
        on conflict (name) do update set ${MOVED}
        where p.epoch = $5::bigint and ${IS_NEXT}
        returning height)
      ${block}`,
    look: `select txid_current()::text as transaction, ${idle('$5')} as idle
      from ${progress} p where p.name = $3::text and p.epoch = $4::bigint and ${IS_NEXT}`,
    move: `with moved as (
        update ${progress} p set ${MOVED}, position = coalesce($6::text, p.position)
        where p.name = $4::text and p.epoch = $5::bigint and ${IS_NEXT}
          and txid_current_if_assigned()::text = $7::text
        returning p.height), block as (${block})
      select transaction, idle from (select ${idle('$8')} as idle) i left join block on true`,
    setPosition: `update ${progress} set position = $2::text where name = $1::text`,
    explain: `select (select epoch::text from ${progress} where name = $1::text) as epoch,
      txid_current_if_assigned()::text as transaction`,
  };
};
