import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use once the garbage is gone, in MiB: else the numbers tell when the last collection was, and nothing more. */
export const memoryInUse = (): { readonly heap: number; readonly buffers: number } => {
  collectGarbage();
  collectGarbage(); // buffers are swept in the background: the second one waits for it
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed / 1024 ** 2, buffers: arrayBuffers / 1024 ** 2 };
};
