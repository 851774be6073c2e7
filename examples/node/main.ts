import { join } from 'node:path';
import { isLeft } from 'fp-ts/lib/Either.js';
import { EMPTY, ignoreElements, interval, lastValueFrom, merge, type Observable, Subject, takeUntil, tap } from 'rxjs';
import type { Notice } from 'rx-event-broker';
import { inproc, lockDirectory } from 'rx-event-broker/node';
import { sqlBlockStore } from 'rx-event-broker/sql';
import { marketCore } from '../core/marketCore.js';
import { openDatabase } from '../store/openDatabase.js';
import { makeTables } from '../store/storeMarket.js';
import type { Screen } from '../terminal/dashboard.js';
import { dataNode } from './dataNode.js';
import { type Log, logger, logNotice, messageOf } from './logger.js';
import { meter } from './meter.js';
import { help, readOptions } from './readOptions.js';
import { openJetStream } from './openJetStream.js';
import { printable } from './printable.js';
import { setAside } from './setAside.js';
import { readSettings, type Settings } from './settings.js';

/** The time between two status lines. */
const STATUS_MS = 1000;

/** `npm run node`: returns the exit code. */
export const main = async (
  argv: readonly string[],
  {
    env,
    out,
    err,
    stop$,
  }: {
    readonly env: NodeJS.ProcessEnv;
    readonly out: Screen;
    readonly err: Screen;
    /** Replays the request to stop. */
    readonly stop$: Observable<unknown>;
  },
): Promise<number> => {
  const options = readOptions(argv);
  if (isLeft(options)) {
    err.write(`node: ${printable(options.left)}\n`);
    return 1;
  }
  if (options.right === undefined) {
    out.write(help);
    return 0;
  }
  const settings = readSettings(options.right.config, env);
  if (isLeft(settings)) {
    err.write(`node: ${settings.left.message}\n`);
    return 1;
  }
  const log = logger(settings.right.config.level, out, err);
  try {
    await run(settings.right, options.right.setAside, stop$, log);
    return 0;
  } catch (error) {
    log('error', messageOf(error));
    return 1;
  }
};

const run = async (settings: Settings, setsAside: boolean, stop$: Observable<unknown>, log: Log): Promise<void> => {
  const { config, chainId, directory, databaseUrl } = settings;
  // PGlite does not check whether its files are in use.
  const leave = await lockDirectory(directory);
  const aside = setAside(directory);
  try {
    const database = await openDatabase(databaseUrl || undefined, join(directory, 'pglite'));
    try {
      await makeTables(database.client);
      const stored = (await sqlBlockStore(database.client).progress()) ?? null;
      log('info', stored === null ? 'the database has no block' : `the database has block ${stored.height}`);
      const pair = config.socketConfig.transportType === 'inproc' ? inproc() : undefined;
      const jetStream = config.useJetStream ? await openJetStream(config) : undefined;
      const counters = meter(stored?.height);
      const notices = new Subject<Notice>();
      const ended$ = new Subject<void>();

      const node$ = dataNode({
        ...settings,
        database,
        stored,
        stop$: stop$.pipe(tap(() => log('info', 'is stopping: received blocks are stored first'))),
        meter: counters,
        listening: { next: ({ host, port }) => log('info', `listens on ${host}:${port}`) },
        notices,
        aside,
        setsAside,
        warn: text => log('warn', text),
        ...(pair && { inproc: pair }),
        ...(jetStream && { jetStream }),
      }).pipe(
        tap(({ height }) => log('debug', `block ${height} is committed`)),
        ignoreElements(),
        tap({ finalize: () => ended$.next() }),
      );
      const status$ = interval(STATUS_MS).pipe(
        tap(() => {
          const line = counters.line(STATUS_MS / 1000);
          if (line !== undefined) log('info', line);
        }),
      );
      const told$ = notices.pipe(
        tap(counters.noticed),
        tap(notice => logNotice(log, notice)),
      );
      const core$ =
        pair === undefined ? EMPTY : marketCore(pair.client, { chainId, blocks: Infinity, blocksPerSecond: 10 });
      const beside$ = merge(told$, status$, core$).pipe(ignoreElements(), takeUntil(ended$));

      try {
        await lastValueFrom(merge(beside$, node$), { defaultValue: undefined });
      } finally {
        await jetStream?.connection.close();
      }
      log('info', 'has stopped');
    } finally {
      await database.close();
    }
  } finally {
    aside.close();
    await leave();
  }
};
