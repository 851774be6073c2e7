import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { buildSync } from 'esbuild';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import type { Database } from '../../store/sql/database.js';
import { blockAt, encodeOwned, type OwnedEvent, PARTITIONS, PREFIX, STREAM } from './chain.js';
import { type OwnerProcess, type Said, startOwner } from './ownerProcess.js';
import { patienceOf } from './patience.js';
import { serversBeneath } from './serversBeneath.js';
import { standstill } from './standstill.js';
import { checkStored, lowestStored, makeRows, rowsBy } from './storedOnce.js';
import { type KilledOwners, newTally } from './tally.js';
import { LEAVING, type StepName, TAKING, type Trouble } from './troubles.js';

export interface KillingOwners {
  readonly binary: string;
  /** One server, or a cluster of three. Default 1. */
  readonly replicas?: 1 | 3;
  readonly database: Database;
  readonly troubles: readonly Trouble[];
  readonly random: () => number;
  readonly leaseFor: number;
  /** Told after each trouble. */
  readonly told?: (n: number, soFar: KilledOwners) => void;
}

/** All that is stored is looked at after that many kills, and at the end. */
const CHECK_EVERY = 20;
/** The publisher is at most that many blocks ahead. */
const AHEAD = 20;

/**
 * Two processes share partitions of a stream, and store them in PostgreSQL; in each trouble one of them is killed, and replaced.
 *
 *     publisher ──► server (killed, too) ──► owner a ──┐
 *                                       └──► owner b ──┴──► PostgreSQL
 *
 * Throws if a row is lost or stored twice, or overtakes another one of its key, and if an owner that was stopped past its lease
 * stores a block that another one has taken over.
 */
export const killOwners = async ({
  binary,
  replicas = 1,
  database,
  troubles,
  random,
  leaseFor,
  told = () => undefined,
}: KillingOwners): Promise<KilledOwners> => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-owners-'));
  const program = join(folder, 'owner.mjs');
  buildSync({
    entryPoints: [join(process.cwd(), 'spec/nats/owners/killableOwner.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const sql = await database.connect();
  await makeRows(sql);
  const servers = await serversBeneath(binary, replicas);
  const { connection } = servers;
  const probe = await database.connect();
  const patience = patienceOf(() => Promise.all([connection.rtt(), probe.query('select 1')]));
  const sink = jetStreamSink<OwnedEvent>({
    connection,
    js: jetstream(connection),
    stream: STREAM,
    subjectOf: ({ partition }) => `${PREFIX}.${partition}`,
    encode: encodeOwned,
  });

  const tally = newTally();
  const { stored } = tally;
  const state = { published: 0, checked: 0, isQuiet: false, isOver: false, made: 0 };

  let sending: Promise<unknown> = Promise.resolve();
  const publish = async (): Promise<void> => {
    while (!state.isOver) {
      if (!state.isQuiet && state.published - Math.min(...stored) < AHEAD)
        await (sending = sink.nextBatch(blockAt(++state.published)));
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };

  let owners: readonly OwnerProcess[] = [];
  const bury = (dead: OwnerProcess): void => {
    owners = owners.filter(owner => owner !== dead);
  };
  const newOwner = (step?: string): OwnerProcess => {
    const owner = startOwner(
      program,
      [servers.urls, database.url, `owner-${++state.made}`, leaseFor],
      tally.heard,
      patience,
    );
    owners = [...owners, owner];
    owner.arm(step);
    return owner;
  };

  /** Asks until it is so. */
  const eventually = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    const wait = patience.begin();
    while (!(await isSo().catch(() => false))) {
      if (wait.isOver()) throw new Error(`expected ${what} within ${wait.inWords()}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };

  /** What is known when a trouble does not end. */
  const circumstances = async (taken: number): Promise<string> => {
    const said = owners.map(owner => `${owner.name}: ${owner.recent()}`);
    const counts = `${state.published} blocks published; partitions taken ${tally.taken - taken} times in this trouble`;
    return [counts, ...said, await standstill(connection, sql)].join('\n');
  };

  /** An owner that has stopped itself at this step. */
  const stoppedAt = async (step: StepName): Promise<{ readonly owner: OwnerProcess; readonly said: Said }> => {
    const isThere = ({ what, rest }: Said): boolean => what === 'at' && rest === step;
    if (TAKING.includes(step)) {
      const owner = newOwner(step);
      return { owner, said: await owner.says(`at ${step}`, isThere) };
    }
    const [owner] = owners as [OwnerProcess];
    if (LEAVING.includes(step)) await eventually('all partitions', async () => owner.partitions.size === PARTITIONS);
    const said = owner.says(`at ${step}`, isThere);
    owner.arm(step);
    // somebody new makes it give something up
    newOwner();
    return { owner, said: await said };
  };

  /** Throws if an owner has stored a block that was not its own any more. */
  const checkLate = async ({ name }: OwnerProcess, { partition, at, rest: step }: Said): Promise<void> => {
    const rows = await rowsBy(sql, name, partition, at);
    if (rows > 0) throw new Error(`owner ${name} woke up late at ${step}, and stored ${rows} rows of block ${at}`);
  };

  /**
   * Stops an owner before the last statement of a block. It goes on when another one has taken its partition over, and has not
   * stored anything: so nothing but the epoch is in its way.
   */
  const freezeInCommit = async (): Promise<OwnerProcess> => {
    const [owner] = owners as [OwnerProcess];
    const stopped = owner.says('at before move', ({ what }) => what === 'at');
    owner.arm('before move');
    const said = await stopped;
    const { partition } = said;
    const taker = newOwner(`raised ${partition}`);
    await taker.says('at raised', ({ what }) => what === 'at');
    const late = owner.says(
      'refused',
      ({ what, partition: of }) => (what === 'refused' || what === 'stored') && of === partition,
    );
    owner.thaw();
    const { what, rest: error } = await late;
    if (what !== 'refused' || error !== 'FencedError')
      throw new Error(`owner ${owner.name} woke up late in a commit: expected a FencedError, found ${what} ${error}`);
    taker.thaw();
    await checkLate(owner, said);
    return owner;
  };

  /** Stops an owner past its lease. It goes on when another one has stored what it was about to store. */
  const freeze = async (step: StepName): Promise<OwnerProcess> => {
    if (step === 'before move') return freezeInCommit();
    const { owner, said } = await stoppedAt(step);
    const { partition, at } = said;
    const next = Math.max(at, stored[partition]!) + 1;
    await eventually(`block ${next} of partition ${partition}`, async () => stored[partition]! >= next);
    // it may have been cut off, with this statement in flight, before it was stopped
    const isOwned = owner.partitions.has(partition);
    const left = isOwned && owner.says('left', ({ what, partition: of }) => what === 'left' && of === partition);
    owner.thaw();
    await left;
    if (step === 'moved' || step === 'row sent') await checkLate(owner, said);
    return owner;
  };

  const killSoon = async (owner: OwnerProcess): Promise<void> => {
    let lines = Math.floor(random() * 30);
    await owner.says('some lines', () => lines-- <= 0);
    // and anywhere between two lines
    await new Promise(resolve => setTimeout(resolve, random() * 5));
    await owner.kill();
  };

  const killOne = async (trouble: Trouble): Promise<OwnerProcess> => {
    if (trouble.what === 'frozen at') return freeze(trouble.step);
    if (trouble.what === 'killed at') return (await stoppedAt(trouble.step)).owner;
    newOwner();
    const owner = owners[Math.floor(random() * owners.length)]!;
    if (trouble.what === 'killed beside the server') {
      await owner.says('stored', ({ what }) => what === 'stored');
      await servers.killed(() => owner.kill());
    } else await killSoon(owner);
    return owner;
  };

  const check = async (): Promise<void> => {
    state.isQuiet = true;
    await sending;
    const to = state.published;
    // an owner may have been killed before it said so
    await eventually(`block ${to} of each partition`, async () => (await lowestStored(sql)) === to);
    await checkStored(sql, state.checked, to);
    state.checked = to;
    tally.rested();
    state.isQuiet = false;
  };

  const publishing = publish();
  // it is an error of the next check
  publishing.catch(() => undefined);
  try {
    newOwner();
    for (const [i, trouble] of troubles.entries()) {
      const { taken } = tally;
      try {
        const owner = await killOne(trouble);
        await owner.kill();
        bury(owner);
        tally.meet('step' in trouble ? `${trouble.what} ${owner.stoppedAt()}` : trouble.what);
        if ((i + 1) % CHECK_EVERY === 0 || i + 1 === troubles.length) await check();
      } catch (cause) {
        throw new Error(`${trouble.what}: ${(cause as Error).message}\n${await circumstances(taken)}`, { cause });
      }
      told(i + 1, tally.result(state.published));
    }
  } finally {
    state.isOver = true;
    patience.end();
    await Promise.all(owners.map(owner => owner.kill()));
    await servers.remove();
    await Promise.all([sql.end(), probe.end()]);
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.result(state.published);
};
