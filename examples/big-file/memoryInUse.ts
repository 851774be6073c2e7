import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The memory in use after a garbage collection, in MiB. Without one, the numbers would show only how long ago the last one was. */
export const memoryInUse = (): { readonly heap: number; readonly buffers: number } => {
  collectGarbage();
  collectGarbage(); // buffers are swept in the background, and the second call waits for that
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed / 1024 ** 2, buffers: arrayBuffers / 1024 ** 2 };
};
