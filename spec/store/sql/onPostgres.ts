import { afterAll, beforeAll, jest, test } from '@jest/globals';
import { Client, type ClientConfig } from 'pg';
import { newDatabase, type Database } from './database.js';

/** A database for the tests of a file, each in a schema of its own; without a PostgreSQL they are skipped. */
export const onPostgres = (where: { readonly isAlone?: boolean } = {}) => {
  // real databases, on machines that do other things besides
  jest.setTimeout(30_000);
  let database: Database | undefined;
  let admin: Client;
  let schemas = 0;
  beforeAll(async () => {
    database = await newDatabase(where);
    if (database !== undefined) admin = await database.connect();
  }, 60_000);
  afterAll(async () => {
    await admin?.end();
    await database?.drop();
  });
  return {
    test: (name: string, body: () => Promise<void>): void => {
      test(name, async () => {
        if (database !== undefined) await body();
      });
    },
    admin: (): Client => admin,
    /** A new schema, with these tables; the admin's first one. */
    newSchema: async (...tables: readonly string[]): Promise<string> => {
      const schema = `s${++schemas}`;
      await admin.query(`create schema ${schema}; set search_path to ${schema}`);
      for (const table of tables) await admin.query(table);
      return schema;
    },
    /** A connection of its own, which sees `path` first. */
    connect: async (path: string, options = '', more: ClientConfig = {}): Promise<Client> => {
      const settings = `-c search_path=${path} ${options}`;
      const client = new Client({ connectionString: database!.url, options: settings, ...more });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
  };
};
