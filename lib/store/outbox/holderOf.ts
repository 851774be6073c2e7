import type { SqlClient } from '../sql/SqlClient.js';

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** A role without `pg_read_all_stats` does not see the transactions of other roles. */
const HOLDER = `select concat('pid ', pid, ' (', coalesce(nullif(application_name, ''), 'no application_name'), ')') as who,
    to_char(xact_start at time zone 'utc', ${TIME}) as since
  from pg_stat_activity where backend_xid = $1::text::xid8::xid
  union all
  select concat('prepared transaction ', gid), to_char(prepared at time zone 'utc', ${TIME})
  from pg_prepared_xacts where transaction = $1::text::xid8::xid`;

/** Who has the open transaction `xid`, in words. */
export const holderOf = async (client: SqlClient, xid: string): Promise<string> => {
  const { rows } = await client.query(HOLDER, [xid]);
  const [holder] = rows as readonly { readonly who: string; readonly since: string | null }[];
  return holder === undefined
    ? `transaction ${xid}, which pg_stat_activity does not show to this role`
    : `transaction ${xid} of ${holder.who}, open since ${holder.since ?? 'a time that this role may not see'}`;
};
