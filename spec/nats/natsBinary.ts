import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The release that the specs start. */
export const NATS_RELEASE = 'v2.15.3';
/** The oldest release that knows all that the specs ask for. */
const OLDEST = [2, 12] as const;

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rx-event-broker');
const cached = join(cache, `nats-server-${NATS_RELEASE}`);

const isNewEnough = (binary: string): boolean => {
  const [, major, minor] =
    /v(\d+)\.(\d+)/.exec(spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? [];
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
};

/** Builds the server with Go, if there is Go. Two processes that do so at once do not disturb each other. */
const build = (): string | undefined => {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'build-'));
  const { status } = spawnSync('go', ['install', `github.com/nats-io/nats-server/v2@${NATS_RELEASE}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status === 0) renameSync(join(folder, 'nats-server'), cached);
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? cached : undefined;
};

/** `NATS_SERVER`, else what was built before, else one on the path that is new enough, else one built with Go, else none. */
const find = (): string | undefined => {
  const given = process.env['NATS_SERVER'];
  if (given !== undefined) return given;
  if (existsSync(cached)) return cached;
  return isNewEnough('nats-server') ? 'nats-server' : build();
};

/**
 * The program of a current NATS server. Where there is none: an error under CI, else `undefined`, and a line that says
 * what is skipped.
 */
export const natsBinary = (who: string): string | undefined => {
  const found = find();
  if (found !== undefined) return found;
  const lacking = `a nats-server of ${OLDEST.join('.')} or later (NATS_SERVER, or on the path), or Go to build one`;
  if (process.env['CI'] === 'true' && spawnSync('go', ['version']).status === 0)
    throw new Error(`${who}: expected ${lacking}, found none`);
  console.warn(`SKIPPED: ${who} needs ${lacking}`);
  return undefined;
};
