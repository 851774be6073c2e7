// A program that stores a chain in PostgreSQL and says, before and while it does so, in which step of a block's life it
// is. At the step that it is told it stays there, for its parent to kill it.
//   node child.mjs DATABASE_URL BLOCKS [STEP]        STEP such as "commit sent 3 ab3"
import { writeSync } from 'node:fs';
import { Client } from 'pg';
import { from } from 'rxjs';
import type { BlockStore } from '../../../lib/store/BlockStore.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { CHAIN_ID, type ChainEvent } from '../chainOf.js';
import { killChain } from './killChain.js';

const [url, blocks, target] = process.argv.slice(2);
const client = new Client({ connectionString: url });
client.on('error', () => undefined);
await client.connect();

let block = '';
const FOREVER = new Promise<never>(() => undefined);

/** Reports that a step begins. Stays in it if it is the requested one. */
const step = (name: string): Promise<void> => {
  const full = `${name} ${block}`;
  writeSync(1, `${full}\n`);
  return full === target ? FOREVER : Promise.resolve();
};
/** The same for an operation: before it, and once it is sent. */
const stepped = async <A>(name: string, run: () => Promise<A>): Promise<A> => {
  await step(name);
  const running = run();
  await step(`${name} sent`);
  return running;
};

const inner = sqlBlockStore(client);
const store: BlockStore<Client> = {
  ...inner,
  begin: () => stepped('begin', () => inner.begin()),
  add: (tx, added) => stepped('add', () => inner.add(tx, added)),
  commit: async (tx, received) => {
    await stepped('commit', () => inner.commit(tx, received));
    await step('committed');
  },
  refreshViews: () => stepped('refresh', () => inner.refreshViews()),
};
const kept = tableWriter<ChainEvent, 'Row', Client>({
  types: ['Row'],
  table: 'flushed',
  columns: ['value'],
  rowsOf: ({ value }) => [[value]],
});

storeBlocks<ChainEvent, Client, readonly ['Begin', 'Row', 'Row']>(from(killChain(Number(blocks))), {
  chainId: CHAIN_ID,
  store,
  blockMark: event => {
    if (event.type === 'Begin') block = `${event.height} ${event.hash.toLowerCase()}`;
    return event;
  },
  subscribers: [
    { types: ['Begin'], next: () => undefined },
    {
      types: ['Row'],
      next: ({ value }, sql) => stepped('event', () => sql.query('insert into inserted values ($1)', [value])),
    },
    { ...kept, flush: sql => stepped('flush', () => Promise.resolve(kept.flush?.(sql) as PromiseLike<unknown>)) },
  ],
}).subscribe({
  next: ({ height, hash }) => {
    block = `${height} ${hash}`;
    void step('emitted').then(() => undefined);
    // the step after a commit is the next block's: to stay here means to stop the loop
    if (`emitted ${block}` === target) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  error: (error: unknown) => {
    writeSync(2, `${String(error)}\n`);
    process.exit(3);
  },
  complete: () => process.exit(0),
});
