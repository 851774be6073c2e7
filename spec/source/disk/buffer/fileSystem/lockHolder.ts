// A process or a thread that locks folders on request, and reports each result: see lockDirectory.spec.ts.
import { createInterface } from 'node:readline';
import { isMainThread, parentPort } from 'node:worker_threads';
import { lockDirectory } from '../../../../../lib/source/disk/buffer/fileSystem/lockDirectory.js';

const take = async (directory: string): Promise<string> => {
  try {
    await lockDirectory(directory);
    return 'held';
  } catch (error) {
    const { name, pid } = error as Error & { readonly pid?: number };
    return `${name} ${pid}: ${String(error)}`;
  }
};

if (!isMainThread)
  parentPort?.on(
    'message',
    (directory: string) => void take(directory).then(result => parentPort?.postMessage(result)),
  );
else if (require.main === module)
  createInterface(process.stdin).on('line', directory => void take(directory).then(result => console.log(result)));

export { lockDirectory };
