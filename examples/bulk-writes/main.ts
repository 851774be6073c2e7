// Readings arrive one by one, and a server takes up to a hundred in a request. It rejects the second request once.
// Look at the sizes: full requests, and at the end the rest, which did not wait for `maxWait`.
import { eventBroker, fromPull, gather } from 'rx-event-broker';
import { bulkServer } from './bulkServer.js';

type Reading = { readonly type: 'Reading'; readonly nr: number };

function* readings(): Generator<Reading> {
  for (let nr = 1; nr <= 450; nr++) yield { type: 'Reading', nr };
}

export const main = async (print: (line: string) => void): Promise<void> => {
  const server = await bulkServer();
  const broker = eventBroker<Reading>();
  let rejected = 0;
  broker.subscribe({
    name: 'bulk',
    required: true,
    gather: gather({ maxSize: 100, maxWait: 200 }),
    retry: { count: 3, delay: 5 },
    abortable: true,
    nextBatch: async (batch, signal) => {
      const body = batch.map(({ nr }) => nr).join('\n');
      const { ok } = await fetch(server.url, { method: 'POST', body, signal });
      if (ok) return;
      rejected++;
      throw new Error('the server is busy');
    },
  });

  await broker.receive(pause$ => fromPull(readings, { pause$ })).forEach(() => undefined);
  broker.close();
  server.close();
  const { sizes, stored } = server;
  print(`requests of ${sizes.join(', ')} readings; ${rejected} was rejected, and retried`);
  const isInOrder = stored.every((nr, index) => nr === index + 1);
  print(`the server has ${stored.length} rows, ${isInOrder ? 'each once, in order' : 'but not as they were sent'}`);
};
