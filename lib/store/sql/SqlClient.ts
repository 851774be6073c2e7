import { statementName } from './names.js';

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
    /** The command tag, such as `COMMIT`; absent if the client does not return it. */
    readonly command?: string;
  }>;
}

type Answer = ReturnType<SqlClient['query']>;
interface PreparingClient {
  query(statement: { readonly name: string; readonly text: string; readonly values: unknown[] }): Answer;
}

/** The clients of `pg` accept a statement with a name, which is parsed and planned once per connection. */
const prepares = (client: object): client is PreparingClient => 'escapeLiteral' in client;

/** Runs a statement that is used often; prepared if the client supports it. */
export const run = (client: SqlClient, text: string, values: unknown[]): Answer =>
  prepares(client) ? client.query({ name: statementName(text), text, values }) : client.query(text, values);
