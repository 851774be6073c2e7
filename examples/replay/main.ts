import { isLeft } from 'fp-ts/lib/Either.js';
import { merge, NEVER, Subject, take } from 'rxjs';
import { dashboard, type Progress, type Screen } from '../terminal/dashboard.js';
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
  try {
    const { broker, census, result$ } = replay(options, mark);
    const shown$ = options.json ? NEVER : dashboard({ screen: err, progress$, snapshot: broker.snapshot });
    await merge(shown$, result$)
      .pipe(take(1))
      .forEach(result => {
        out.write(options.json ? `${JSON.stringify(result)}\n` : report(result, census));
      });
    return 0;
  } catch (error) {
    err.write(`replay: ${inWords(error, mark.place)}\n`);
    return 1;
  }
};

/** Errors that are about an event, and so cannot name a file. */
const ofEvents = ['DecodeError', 'ChainIdError', 'SequenceGapError'];

const inWords = (error: unknown, place: () => string): string => {
  const { name, message } = error as Error;
  return ofEvents.includes(name) ? `${place()}: ${message}` : message;
};
