// npm run bench -- store: blocks into PostgreSQL, by storeBlocks with tableWriter and by loops over pg written by hand,
// in rounds; then the memory of 100,000 blocks. Figures are medians.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { lastValueFrom } from 'rxjs';
import { fromPull } from '../../lib/flow/fromPull.js';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { sqlBlockStore } from '../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from '../store/chainOf.js';
import { newDatabase } from '../store/sql/database.js';

const ROUNDS = 3;
const COLUMNS = ['id', 'price', 'size', 'side', 'note'] as const;
const rowOf = ({ value, height }: ChainEvent): readonly unknown[] => [
  BigInt(height) * 1_000_000n + BigInt(value),
  String(value % 977),
  value % 31,
  value % 2 === 0 ? 'buy' : 'sell',
  `row ${String(value)} of its block`,
];
const copy = (client: Client, into: string, text: string): Promise<void> =>
  pipeline(Readable.from([text]), client.query(copyFrom(`copy ${into} from stdin`)));

interface Way {
  readonly name: string;
  readonly store: (client: Client, blocks: readonly (readonly ChainEvent[])[]) => Promise<void>;
}

const PROGRESS = `insert into progress values (true, $1, $2) on conflict (one) do update set height = $1, hash = $2`;
const BLOCK = `insert into blocks values ($1, $2, $3) on conflict (height) do update set hash = $2, time = $3`;
const INTO = 'insert into bench (id, price, size, side, note)';

/** A loop as one would write it: begin, the block, the progress, the rows, commit, and the tag of the commit looked at. */
const byHand =
  (rows: (client: Client, events: readonly ChainEvent[]) => Promise<unknown>): Way['store'] =>
  async (client, blocks) => {
    for (const events of blocks) {
      const { height, hash, time = 0n } = events[0]!;
      await client.query('begin');
      await client.query(BLOCK, [height, hash, new Date(Number(time / 1_000_000n))]);
      await client.query(PROGRESS, [height, hash]);
      await rows(
        client,
        events.filter(({ type }) => type === 'Row'),
      );
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(command);
    }
  };

const byStoreBlocks =
  (withCopy: boolean, onFailure: 'stop' | 'continue' = 'stop'): Way['store'] =>
  async (client, blocks) => {
    await lastValueFrom(
      storeBlocks<ChainEvent, Client, readonly ['Row']>(pause$ => fromPull(() => blocks.flat(), { pause$ }), {
        chainId: CHAIN_ID,
        store: sqlBlockStore(client),
        blockMark: event => event,
        onFailure,
        subscribers: [
          tableWriter<ChainEvent, 'Row', Client>({
            types: ['Row'],
            table: 'bench',
            columns: COLUMNS,
            rowsOf: event => [rowOf(event)],
            ...(withCopy ? { copy } : {}),
          }),
        ],
      }),
    );
  };

const unnest = byHand((client, events) => {
  const rows = events.map(rowOf);
  const types = ['bigint', 'numeric', 'integer', 'text', 'text'];
  const arrays = types.map((type, i) => `$${String(i + 1)}::${type}[]`).join(', ');
  return client.query(
    `${INTO} select * from unnest(${arrays})`,
    types.map((_, i) => rows.map(row => row[i])),
  );
});
const copied = byHand((client, events) =>
  copy(client, 'bench (id, price, size, side, note)', events.map(event => `${rowOf(event).join('\t')}\n`).join('')),
);
const single = byHand(async (client, events) => {
  for (const event of events) await client.query(`${INTO} values ($1, $2, $3, $4, $5)`, [...rowOf(event)]);
});

const ways: readonly Way[] = [
  { name: 'storeBlocks, unnest', store: byStoreBlocks(false) },
  { name: 'storeBlocks, COPY from 100 rows on', store: byStoreBlocks(true) },
  { name: 'storeBlocks, COPY, onFailure continue', store: byStoreBlocks(true, 'continue') },
  { name: 'by hand, unnest', store: unnest },
  { name: 'by hand, COPY', store: copied },
  { name: 'by hand, an INSERT an event', store: single },
];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const database = await newDatabase();
if (database === undefined) process.exit(0);
const client = await database.connect();
const reset = async (): Promise<void> => {
  await client.query(
    'drop table if exists bench, blocks, progress, block_store_version, block_store_progress, block_store_blocks',
  );
  await client.query('create table bench (id bigint, price numeric, size integer, side text, note text)');
  await client.query('create table blocks (height bigint primary key, hash text, time timestamptz)');
  // the store's tables are made before the clock runs, as those of the loops are
  await sqlBlockStore(client).progress();
  await client.query('create table progress (one boolean primary key, height bigint, hash text)');
};

for (const [rows, count] of [
  [5, 200],
  [100, 100],
  [1000, 20],
] as const) {
  const blocks = Array.from({ length: count }, (_, i) => blockEvents(i + 1, { rows }));
  const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, store } of ways) {
      await reset();
      const started = performance.now();
      await store(client, blocks);
      // the first round warms up
      if (round > 0) times.get(name)!.push((performance.now() - started) / count);
    }
  }
  const ms = (name: string): number => median(times.get(name)!);
  console.log(`\nblocks of ${String(rows)} rows, ${String(count)} a round, ms a block`);
  for (const { name } of ways) console.log(`  ${ms(name).toFixed(2).padStart(8)}  ${name}`);
  const ours = Math.min(ms(ways[0]!.name), ms(ways[1]!.name));
  const hand = Math.min(ms('by hand, unnest'), ms('by hand, COPY'));
  console.log(
    `  speed: ${(hand / ours).toFixed(2)} × the better loop by hand, ${(ms('by hand, an INSERT an event') / ours).toFixed(1)} × an INSERT an event`,
  );
}
await client.end();
await database.drop();

const MEMORY_BLOCKS = 100_000;
const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
const heaps: number[] = [];
let last = 0;
await lastValueFrom(
  storeBlocks(
    pause$ =>
      fromPull(
        function* () {
          for (let height = 1; height <= MEMORY_BLOCKS; height++) {
            last = height;
            yield* blockEvents(height, { rows: 3 });
            if (height % 10_000 === 0) heaps.push(heap());
          }
        },
        { pause$ },
      ),
    {
      chainId: CHAIN_ID,
      store: memoryBlockStore(),
      blockMark: (event: ChainEvent) => event,
      subscribers: [{ types: ['Row'], next: ({ value }, tx) => tx.put('last', String(value % 10), value) }],
    },
  ),
);
console.log(`\nmemory store, ${String(last)} blocks of 3 rows, MiB of heap every 10,000 blocks`);
console.log(`  ${heaps.map(mib => mib.toFixed(1)).join('  ')}`);
