import { isLeft } from 'fp-ts/lib/Either.js';
import { type Screen } from '../terminal/dashboard.js';
import { temporaryFolder } from '../terminal/temporaryFolder.js';
import { demo } from './demo.js';
import { help, readOptions } from './readOptions.js';

/** `npm run demo`: returns the exit code, 1 if a promise was broken. */
export const main = async (argv: readonly string[], out: Screen, err: Screen): Promise<number> => {
  const read = readOptions(argv);
  if (isLeft(read)) {
    err.write(`demo: ${read.left}\n`);
    return 1;
  }
  const options = read.right;
  if (options === undefined) {
    out.write(help);
    return 0;
  }
  const folder = temporaryFolder('demo');
  let code = 130; // the exit code of an interrupted program
  try {
    await demo({ ...options, directory: folder.path, screen: out }).forEach(kept => {
      code = kept ? 0 : 1;
    });
  } catch (error) {
    err.write(`demo: ${(error as Error).message}\n`);
    code = 1;
  } finally {
    folder.remove();
  }
  return code;
};
