import { statementName } from './ownName.js';
import type { SqlClient } from './SqlClient.js';

type Answer = ReturnType<SqlClient['query']>;
interface PreparingClient {
  query(statement: { readonly name: string; readonly text: string; readonly values: unknown[] }): Answer;
}

/** The clients of `pg` take a name, and have a statement with one parsed and planned once a connection. */
const prepares = (client: object): client is PreparingClient => 'escapeLiteral' in client;

/** Runs a statement that is sent again and again, prepared where the client can. */
export const run = (client: SqlClient, text: string, values: unknown[]): Answer =>
  prepares(client) ? client.query({ name: statementName(text), text, values }) : client.query(text, values);
