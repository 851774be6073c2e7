import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SqlClient } from 'rx-event-broker/sql';
import { unreachable } from '../terminal/unreachable.js';

/** A connection, and the parts that differ between drivers. */
export interface OpenDatabase {
  readonly client: SqlClient;
  readonly copy: (client: SqlClient, into: string, text: string) => PromiseLike<unknown>;
  readonly close: () => Promise<void>;
}

/** A PostgreSQL at `url`; without one, PGlite in `directory`, which is a whole PostgreSQL inside this process. */
export const openDatabase = (url: string | undefined, directory: string): Promise<OpenDatabase> =>
  url === undefined ? openPglite(directory) : openPostgres(url);

const openPostgres = async (url: string): Promise<OpenDatabase> => {
  // pg reads a text without a scheme as the name of a database on the host `base`
  if (!/^(postgres(ql)?:\/\/|socket:|\/)/.test(url))
    throw new Error('the database: expected a URL such as postgres://user@127.0.0.1:5432/name');
  const client = new Client({ connectionString: url });
  // a lost connection is reported by the query in flight, or by the next one
  client.on('error', () => undefined);
  await client.connect().catch(unreachable('PostgreSQL', url));
  return {
    client,
    copy: (_, into, text) => pipeline(Readable.from([text]), client.query(copyFrom(`copy ${into} from stdin`))),
    close: () => client.end(),
  };
};

const openPglite = async (directory: string): Promise<OpenDatabase> => {
  const db = await PGlite.create(directory);
  return {
    client: db,
    copy: (_, into, text) => db.query(`copy ${into} from '/dev/blob'`, [], { blob: new Blob([text]) }),
    close: () => db.close(),
  };
};
