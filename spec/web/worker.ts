// What runs in the workers of the specs: a broker that receives from the port what `workerData` says.
import { parentPort, workerData } from 'node:worker_threads';
import { eventBroker } from '../../lib/index.js';
import { portSink, portSource } from '../../lib/web.js';

type Tick = { readonly type: 'Tick'; readonly n: number };
export type Task = 'collect' | 'slow' | 'crash' | 'exit' | 'send';

const { task, most } = workerData as { readonly task: Task; readonly most: number };
const port = parentPort!;
const broker = eventBroker<Tick>();

if (task === 'send') {
  broker.subscribe(portSink(port, { required: true, window: 8 }));
  for (let n = 1; n <= most; n++) broker.send({ type: 'Tick', n });
  broker.drain().subscribe();
} else {
  const got: number[] = [];
  broker.subscribe({
    required: true,
    highWaterMark: 4,
    next: async ({ n }) => {
      await new Promise(resolve => (task === 'slow' ? setTimeout(resolve, 1) : setImmediate(resolve)));
      got.push(n);
      if (n === most && task === 'crash') throw new Error('the worker has crashed');
      if (n === most && task === 'exit') process.exit(3);
    },
  });
  const missed: number[] = [];
  broker.receive(portSource<Tick>(port, { credit: 8, missed: ({ count }) => missed.push(count) })).subscribe({
    complete: () => port.postMessage({ got, missed }),
    error: error => {
      throw error as Error;
    },
  });
}
