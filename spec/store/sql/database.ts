import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { ownServer, postgresBinaries } from './ownServer.js';

/** A database of the caller's own. */
export interface Database {
  readonly url: string;
  /** A new connection. */
  connect(): Promise<Client>;
  /** Removes it, even if clients are connected. */
  drop(): Promise<void>;
}

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';

const connectTo = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // a lost connection is reported by the query in flight, or by the next one
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    await (await connectTo(url)).end();
    return true;
  } catch {
    return false;
  }
};

interface Server {
  readonly url: string;
  readonly remove: () => void;
}

/**
 * `DATABASE_URL`, else the local server, else one that is started for the occasion, else none. `isAlone`: one that is started,
 * if that is possible: it allows prepared transactions.
 */
const findServer = async (isAlone: boolean): Promise<Server | undefined> => {
  const own = isAlone ? postgresBinaries() : undefined;
  if (own !== undefined) return ownServer(own);
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) return { url: given, remove: () => undefined };
  if (await answers(LOCAL)) return { url: LOCAL, remove: () => undefined };
  const binaries = postgresBinaries();
  return binaries === undefined ? undefined : ownServer(binaries);
};

/**
 * A new, empty database on a real PostgreSQL. Where there is none: an error under CI, else `undefined`, and a line that
 * says what is skipped.
 */
export const newDatabase = async ({ isAlone = false } = {}): Promise<Database | undefined> => {
  const server = await findServer(isAlone);
  if (server === undefined) {
    if (process.env['CI'] === 'true')
      throw new Error('expected a PostgreSQL (DATABASE_URL, or a local one), found none');
    console.warn('SKIPPED: no PostgreSQL; set DATABASE_URL to run these tests');
    return undefined;
  }
  const name = `rxeb_${randomUUID().replaceAll('-', '')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = await connectTo(server.url);
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    connect: () => connectTo(url.href),
    drop: async () => {
      await admin(`drop database ${name} with (force)`);
      server.remove();
    },
  };
};
