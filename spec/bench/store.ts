// npm run bench -- store [ROUNDS]: blocks into PostgreSQL, by storeBlocks with tableWriter and by loops over pg written by
// hand; then the memory of 100,000 blocks. All ways take turns in each round, each round in another order, and a ratio is
// that of two times of one round. COMMIT does not wait for the disk: that is the same for all, noisy, and would hide what
// differs.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { lastValueFrom } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { sqlBlockStore } from '../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from '../store/chainOf.js';
import { newDatabase } from '../store/sql/database.js';

const ROUNDS = Number(process.argv[3] ?? 15);
/** Rounds that are not counted: until the code of all ways is compiled. */
const WARM_UP = 5;
const COLUMNS = ['id', 'price', 'size', 'side', 'note'] as const;
const rowOf = ({ value, height }: ChainEvent): readonly unknown[] => [
  BigInt(height) * 1_000_000n + BigInt(value),
  String(value % 977),
  value % 31,
  value % 2 === 0 ? 'buy' : 'sell',
  `row ${value} of its block`,
];
const copy = (client: Client, into: string, text: string): Promise<void> =>
  pipeline(Readable.from([text]), client.query(copyFrom(`copy ${into} from stdin`)));

type Store = (client: Client, events: readonly ChainEvent[]) => Promise<void>;
type Query = (client: Client, text: string, values: unknown[]) => Promise<QueryResult>;

const plain: Query = (client, text, values) => client.query(text, values);
/** Parsed and planned once a connection. */
const prepared: Query = (client, text, values) => client.query({ name: text.slice(0, 18), text, values });

const PROGRESS = `insert into progress values (true, $1, $2) on conflict (one) do update set height = $1, hash = $2
  where progress.height = $1 - 1 returning height`;
const BLOCK = 'insert into blocks values ($1, $2, $3) on conflict (height) do update set hash = $2, time = $3';
const INTO = 'insert into bench (id, price, size, side, note)';

/** A loop as one would write it: begin, the progress, which must move, the block, the rows, commit and a look at its tag. */
const byHand =
  (rows: (client: Client, events: readonly ChainEvent[]) => Promise<unknown>, query = plain): Store =>
  async (client, events) => {
    let kept: ChainEvent[] = [];
    for (const event of events) {
      if (event.type === 'Row') kept.push(event);
      else if (event.type === 'Begin') {
        const { height, hash, time = 0n } = event;
        await client.query('begin');
        const { rowCount } = await query(client, PROGRESS, [height, hash.toLowerCase()]);
        if (rowCount !== 1) throw new Error(`height ${height} does not come next`);
        await query(client, BLOCK, [height, hash.toLowerCase(), new Date(Number(time / 1_000_000n))]);
      } else {
        await rows(client, kept);
        kept = [];
        const { command } = await client.query('commit');
        if (command !== 'COMMIT') throw new Error(command);
      }
    }
  };

const byStoreBlocks =
  (withCopy: boolean, onFailure: 'stop' | 'continue' = 'stop'): Store =>
  async (client, events) => {
    await lastValueFrom(
      storeBlocks<ChainEvent, Client, readonly ['Row']>(pause$ => fromPull(() => events, { pause$ }), {
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

const unnest = (query: Query): Store =>
  byHand((client, events) => {
    const rows = events.map(rowOf);
    const types = ['bigint', 'numeric', 'integer', 'text', 'text'];
    const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
    const values = types.map((_, i) => rows.map(row => row[i]));
    return query(client, `${INTO} select * from unnest(${arrays})`, values);
  }, query);
const escaped = (value: unknown): string => String(value).replace(/[\\\t\n\r]/g, found => `\\${found}`);
const copied = byHand((client, events) => {
  const text = events.map(event => `${rowOf(event).map(escaped).join('\t')}\n`).join('');
  return copy(client, 'bench (id, price, size, side, note)', text);
});
const single = byHand(async (client, events) => {
  for (const event of events) await client.query(`${INTO} values ($1, $2, $3, $4, $5)`, [...rowOf(event)]);
});

const ours = {
  'storeBlocks, unnest': byStoreBlocks(false),
  'storeBlocks, COPY from 100 rows on': byStoreBlocks(true),
};
const others = {
  'storeBlocks, COPY, onFailure continue': byStoreBlocks(true, 'continue'),
};
const byHands = {
  'by hand, unnest': unnest(plain),
  'by hand, unnest, prepared': unnest(prepared),
  'by hand, COPY': copied,
};
const SINGLE = 'by hand, an INSERT an event';
const ways: readonly (readonly [string, Store])[] = Object.entries({
  ...ours,
  ...others,
  ...byHands,
  [SINGLE]: single,
});

/** The median, and the smallest and the largest. */
const shown = (values: readonly number[]): string =>
  `${median(values).toFixed(2).padStart(7)}  (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const quickest = (names: readonly string[], times: ReadonlyMap<string, readonly number[]>): string =>
  names.toSorted((a, b) => median(times.get(a)!) - median(times.get(b)!))[0]!;

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

await client.query('set synchronous_commit = off');
for (const [rows, count] of [
  [5, 200],
  [100, 100],
  [1000, 20],
] as const) {
  const events = Array.from({ length: count }, (_, i) => blockEvents(i + 1, { rows })).flat();
  const times = new Map<string, number[]>(ways.map(([name]) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const [name, store] = ways[(turn + round + WARM_UP) % ways.length]!;
      // by far the slowest: a fifth will do
      const blocks = name === SINGLE ? count / 5 : count;
      await reset();
      const started = performance.now();
      await store(client, blocks === count ? events : events.slice(0, blocks * (rows + 2)));
      if (round >= 0) times.get(name)!.push((performance.now() - started) / blocks);
    }
  }
  console.log(`\nblocks of ${rows} rows, ${count} a round, ms a block: median (least to most)`);
  for (const [name, all] of times) console.log(`  ${shown(all)}  ${name}`);
  const mine = quickest(Object.keys(ours), times);
  console.log(`  speed of ${mine}: median of the rounds' ratios (least to most)`);
  for (const other of [...Object.keys(byHands), SINGLE]) {
    const ratios = times.get(other)!.map((time, round) => time / times.get(mine)![round]!);
    console.log(
      `  ${shown(ratios)}  × ${other}${other === quickest(Object.keys(byHands), times) ? ', the quickest loop' : ''}`,
    );
  }
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
console.log(`\nmemory store, ${last} blocks of 3 rows, MiB of heap every 10,000 blocks`);
console.log(`  ${heaps.map(mib => mib.toFixed(1)).join('  ')}`);
