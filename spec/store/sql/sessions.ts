import type { Client } from 'pg';

export const pidOf = async (client: Client): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;

/** Looks from `admin` at the sessions of others. */
export const sessions = (admin: () => Client) => ({
  /** Resolves when that session waits for a lock (`true`), or when `instead` has settled. */
  waitsForLock: async (pid: number, instead: Promise<unknown>): Promise<boolean> => {
    let isOver = false;
    const over = (): void => void (isOver = true);
    void instead.then(over, over);
    for (;;) {
      const { rows } = await admin().query(`select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`, [
        pid,
      ]);
      if (isOver) return false;
      if (rows.length > 0) return true;
    }
  },
  /** Ends a session, and waits until it is gone. */
  kill: async (pid: number): Promise<void> => {
    await admin().query('select pg_terminate_backend($1)', [pid]);
    for (;;) {
      if ((await admin().query('select from pg_stat_activity where pid = $1', [pid])).rows.length === 0) return;
    }
  },
});
