import { isLeft } from 'fp-ts/lib/Either.js';
import { identity, Subject } from 'rxjs';
import type { OpenDatabase } from '../store/openDatabase.js';
import { type Progress, type Screen, withDashboard } from '../terminal/dashboard.js';
import { lookOf } from '../terminal/look.js';
import { bookmark } from './bookmark.js';
import { help, readOptions } from './readOptions.js';
import { replay } from './replay.js';
import { report } from './report.js';

/** `npm run replay`: gives the exit code. */
export const main = async (argv: readonly string[], out: Screen, err: Screen): Promise<number> => {
  const read = readOptions(argv);
  if (isLeft(read)) {
    err.write(`replay: ${read.left}\n`);
    return 1;
  }
  const options = read.right;
  if (options === undefined) {
    out.write(help);
    return 0;
  }

  const progress$ = new Subject<Progress>();
  const mark = bookmark(notice => {
    if (notice.type === 'Progress') progress$.next(notice);
  });
  let database: OpenDatabase | undefined;
  try {
    if (options.databaseUrl !== undefined) database = await openStore(options.databaseUrl);
    const { broker, census, result$ } = replay(options, mark, database);
    const { snapshot } = broker;
    await result$
      .pipe(options.json ? identity : withDashboard({ screen: err, progress$, snapshot }))
      .forEach(result => {
        out.write(options.json ? `${JSON.stringify(result)}\n` : report(result, census, lookOf(out)));
      });
    return 0;
  } catch (error) {
    err.write(`replay: ${inWords(error, mark.place)}\n`);
    return 1;
  } finally {
    await database?.close();
  }
};

/** Loads the drivers only if a database is used. */
const openStore = async (url: string): Promise<OpenDatabase> => {
  const [{ openDatabase }, { makeTables }] = await Promise.all([
    import('../store/openDatabase.js'),
    import('../store/storeMarket.js'),
  ]);
  const database = await openDatabase(url, '');
  await makeTables(database.client);
  return database;
};

/** Errors that are about an event, and so cannot name a file. */
const ofEvents = ['DecodeError', 'ChainIdError', 'SequenceGapError'];

const inWords = (error: unknown, place: () => string): string => {
  const { name, message } = error as Error;
  return ofEvents.includes(name) ? `${place()}: ${message}` : message;
};
