import { isLeft } from 'fp-ts/lib/Either.js';
import { lastValueFrom, tap, throttleTime } from 'rxjs';
import { socketClient } from 'rx-event-broker/node';
import type { Screen } from '../terminal/dashboard.js';
import { marketCore } from './marketCore.js';
import { help, readOptions } from './readOptions.js';

/** `npm run core`: returns the exit code. */
export const main = async (argv: readonly string[], out: Screen, err: Screen): Promise<number> => {
  const read = readOptions(argv);
  if (isLeft(read)) {
    err.write(`core: ${read.left}\n`);
    return 1;
  }
  if (read.right === undefined) {
    out.write(help);
    return 0;
  }
  const { host, port, ...options } = read.right;
  let connected = true;
  const lost = (error: Error): void => {
    if (connected) out.write(`waits for the node at ${host}:${port}: ${reason(error)}\n`);
    connected = false;
  };
  const answers$ = marketCore(dialling => socketClient({ host, port, ...dialling }), { ...options, lost });
  await lastValueFrom(
    answers$.pipe(
      tap(answer => {
        if (answer.type === 'Ready') out.write(`the node is ready for the upgrade after block ${answer.height}\n`);
        else connected = true;
      }),
      throttleTime(1000),
      tap(answer => {
        if (answer.type === 'Ready') return;
        const height = answer.progress?.height;
        out.write(height === undefined ? 'the node has no block\n' : `the node has committed block ${height}\n`);
      }),
    ),
    { defaultValue: undefined },
  );
  out.write(`the node has committed all ${options.blocks} blocks\n`);
  return 0;
};

/** The root cause. */
const reason = ({ message, cause }: Error): string => (cause instanceof Error ? reason(cause) : message);
