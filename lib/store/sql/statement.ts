import type { SqlClient } from './SqlClient.js';

/** A statement that is sent again and again; its name is of this text alone on its connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

type Answer = ReturnType<SqlClient['query']>;
interface PreparingClient {
  query(statement: Statement & { readonly values: unknown[] }): Answer;
}

/** The clients of `pg` take a name, and have a statement with one parsed and planned once a connection. */
const prepares = (client: object): client is PreparingClient => 'escapeLiteral' in client;

/** Runs a statement, prepared where the client can. */
export const run = (client: SqlClient, { name, text }: Statement, values: unknown[]): Answer =>
  prepares(client) ? client.query({ name, text, values }) : client.query(text, values);
