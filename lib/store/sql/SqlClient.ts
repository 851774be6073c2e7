/**
 * One connection to PostgreSQL, with as much of its API as a block store needs: a `Client` or `PoolClient` of `pg`, or
 * a `PGlite`. Not a pool: a transaction belongs to one connection.
 */
export interface SqlClient {
  /** Runs one statement and resolves to its rows; rejects with the driver's error. */
  query(
    text: string,
    values?: unknown[],
  ): Promise<{
    /** The rows of the result. */
    readonly rows: unknown[];
    /** The command tag, such as `COMMIT`; absent if the client does not tell. */
    readonly command?: string;
  }>;
}
