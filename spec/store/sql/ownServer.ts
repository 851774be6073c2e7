import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../examples/cluster/freePort.js';

export interface OwnServer {
  readonly url: string;
  /** As after a power cut, but for the disk: no shutdown, no checkpoint. */
  kill(): void;
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): void;
}

const DEBIAN = '/usr/lib/postgresql';

/** The folder of `initdb` and `pg_ctl`, or `undefined` if this machine has none. */
export const postgresBinaries = (): string | undefined => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map(version => join(DEBIAN, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
};

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

/** A PostgreSQL for the caller alone. PostgreSQL does not run as root: then it runs as `postgres`. */
export const ownServer = async (binaries: string): Promise<OwnServer> => {
  const data = mkdtempSync(join(tmpdir(), 'rx-event-broker-pg-'));
  const asPostgres = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (asPostgres.uid !== undefined) chownSync(data, asPostgres.uid, asPostgres.gid);
  const run = (program: string, ...args: readonly string[]): void => {
    execFileSync(join(binaries, program), args, { ...asPostgres, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-N', '-E', 'UTF8', '--locale=C');
  const port = await freePort();
  const settings = `-p ${port} -h 127.0.0.1 -k ${data} -F -c max_prepared_transactions=2`;
  const server: OwnServer = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    kill: () => run('pg_ctl', '-D', data, 'stop', '-m', 'immediate', '-w'),
    start: () =>
      new Promise((resolve, reject) => {
        const args = ['-D', data, '-o', settings, '-w', '-l', join(data, 'log'), 'start'];
        const starting = spawn(join(binaries, 'pg_ctl'), args, { ...asPostgres, cwd: data, stdio: 'ignore' });
        starting.on('exit', code => (code === 0 ? resolve() : reject(new Error(`pg_ctl start: exit ${String(code)}`))));
        starting.on('error', reject);
      }),
    remove: () => {
      try {
        server.kill();
      } catch {
        // it is down already
      }
      rmSync(data, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
};
