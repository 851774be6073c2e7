/**
 * One connection to PostgreSQL, as far as a block store needs it: what `Client` and `PoolClient` of `pg`, and `PGlite`,
 * already have. Not a pool: a transaction belongs to one connection.
 */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[]; readonly command?: string }>;
}
