import { once } from 'node:events';
import { lastValueFrom } from 'rxjs';
import { eventBroker } from '../../lib/index.js';
import { portSink } from '../../lib/web.js';
import { workerOf } from './workerOf.js';

/** Sends to a worker that takes a millisecond for each event, as fast as `pace` says. Counts what it got, and what it was told. */
export const slowWorker = async (
  pace: (n: number) => Promise<boolean>,
  measured: (bytes: number, parts: NodeJS.MemoryUsage) => void = () => undefined,
): Promise<{ readonly offered: number; readonly received: number; readonly missed: number }> => {
  const broker = eventBroker<{ readonly type: 'Tick'; readonly n: number; readonly text: string }>();
  const worker = workerOf('slow', 0);
  broker.subscribe(portSink(worker, { required: false, capacity: 100, overflow: 'dropOldest' }));
  const answer = new Promise<{ readonly got: readonly number[]; readonly missed: readonly number[] }>(resolve => {
    worker.on(
      'message',
      (message: { readonly got: number[]; readonly missed: number[] } | { readonly rxEventBroker: 1 }) => {
        if ('got' in message) resolve(message);
      },
    );
  });
  const exit = once(worker, 'exit');
  let offered = 0;
  while (await pace(offered + 1)) {
    broker.send({ type: 'Tick', n: ++offered, text: 'x'.repeat(1000) });
    if (offered % 10_000 === 0) {
      (globalThis as { gc?: () => void }).gc?.();
      // of the whole process: what waits in a port is nobody's heap
      const parts = process.memoryUsage();
      measured(parts.rss, parts);
    }
  }
  await lastValueFrom(broker.drain());
  const { got, missed } = await answer;
  await exit;
  return { offered, received: got.length, missed: missed.reduce((sum, count) => sum + count, 0) };
};
