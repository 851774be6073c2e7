// A program that owns partitions of a stream and stores them in PostgreSQL, with the position in the transaction of each block.
//   node owner.mjs NATS_URLS DATABASE_URL OWNER LEASE_FOR
// It begins at the first line of its standard input. A line names a step, and perhaps a partition: there it says so, and stops itself
// (SIGSTOP), for its parent to kill it, or to let it go on late.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { defer, finalize, map, type Observable, retry, switchMap, takeUntil, tap, timer } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { jetStreamSource, ownPartitions, type Partition } from '../../../lib/nats.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { CHAIN_ID, decodeOwned, markOwned, type OwnedEvent, PARTITIONS, PREFIX, STREAM } from './chain.js';
import type { StepName } from './troubles.js';

const [natsUrls = '', databaseUrl = '', owner = '', leaseFor] = process.argv.slice(2);
const say = (...words: unknown[]): void => void writeSync(1, `${words.join(' ')}\n`);

/** What lets work wait, or ends it: for the report of a run that stands still. */
const notices = {
  next: (notice: Notice): void => {
    const { type } = notice;
    if (type === 'Waiting' || type === 'Lost') say('notice', type, notice.what);
    else if (type === 'Stalled') say('notice', type, notice.subscriber.name, notice.cause);
  },
};

let armed = '';
const lines = createInterface({ input: process.stdin });
// its parent has ended
lines.on('close', () => process.exit());
const began = new Promise<void>(resolve => {
  lines.on('line', line => {
    armed = line;
    resolve();
  });
});
const reach = (step: StepName, partition: number, height: number): void => {
  if (armed !== step && armed !== `${step} ${partition}`) return;
  armed = '';
  say('at', partition, height, step);
  process.kill(process.pid, 'SIGSTOP');
};

/** A connection of its own for a partition, which says how far its statements are. */
const clientOf = async (partition: number, height: () => number): Promise<Client> => {
  const client = new Client({ connectionString: databaseUrl });
  // a lost connection is reported by the query in flight, or by the next one
  client.on('error', () => undefined);
  await client.connect();
  const at = (step: StepName): void => reach(step, partition, height());
  const steps = (text: string): readonly (StepName | undefined)[] => {
    if (text.includes('epoch = p.epoch + 1')) return ['before raise', 'raise sent', 'raised'];
    if (text.includes('with moved')) return ['before move', 'move sent', 'moved'];
    if (text.startsWith('insert into rows')) return [undefined, 'row sent', undefined];
    return text === 'commit' ? [undefined, 'commit sent', 'committed'] : [];
  };
  const query = client.query.bind(client) as (...args: readonly unknown[]) => Promise<unknown>;
  const stepping = async (...args: readonly unknown[]): Promise<unknown> => {
    const [statement] = args as readonly [string | { readonly text: string }];
    const [before, sent, after] = steps(typeof statement === 'string' ? statement : statement.text);
    if (before !== undefined) at(before);
    const answer = query(...args);
    if (sent !== undefined) at(sent);
    const result = await answer;
    if (after !== undefined) at(after);
    return result;
  };
  return Object.assign(client, { query: stepping as Client['query'] });
};

await began;
const connection = await connect({
  servers: natsUrls.split(','),
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  pingInterval: 1000,
  waitOnFirstConnect: true,
});

const work = ({ index, epoch, stop$ }: Partition): Observable<number> => {
  let height = 0;
  reach('lease taken', index, height);
  say('took', index, epoch);
  const asked$ = stop$.pipe(tap(() => reach('asked', index, height)));
  return defer(() => clientOf(index, () => height)).pipe(
    switchMap(client => {
      const inner = sqlBlockStore(client, { name: `partition ${index}`, fence: true });
      const store = {
        ...inner,
        commit: async (tx: Client, received: number): Promise<void> => {
          try {
            await inner.commit(tx, received);
          } catch (error) {
            say('refused', index, height, (error as Error).name);
            throw error;
          }
          say('stored', index, height);
        },
      };
      const messages = jetStreamSource({
        connection,
        stream: STREAM,
        subject: `${PREFIX}.${index}`,
        position: store.position,
        stop$: asked$,
        batchSize: 50,
        notices,
      });
      return storeBlocks<OwnedEvent, Client, readonly ['Row']>(
        (pause$, settlement) => messages(pause$, settlement).pipe(map(({ data }) => decodeOwned(data))),
        {
          chainId: CHAIN_ID,
          store,
          blockMark: event => {
            ({ height } = event);
            return markOwned(event);
          },
          subscribers: [
            {
              types: ['Row'],
              next: ({ key }, sql) =>
                sql.query('insert into rows (key, n, owner) values ($1, $2, $3)', [key, height, owner]),
            },
          ],
          // not before the operation in flight has ended, and its block is rolled back
          notices: { next: ({ type }) => type === 'Released' && void client.end().catch(() => undefined) },
        },
      );
    }),
    map(() => index),
    finalize(() => {
      reach('left', index, height);
      say('left', index, epoch);
    }),
  );
};

const bucket = defer(async () => new Kvm(connection).open('leases'));
bucket
  .pipe(
    switchMap(kv =>
      ownPartitions({ kv, name: PREFIX, partitions: PARTITIONS, owner, leaseFor: Number(leaseFor), work, notices }),
    ),
    retry({
      delay: (error: unknown) => {
        const { name, cause } = error as { readonly name: string; readonly cause?: Partial<Error> };
        say('failed', name, cause?.name ?? '', (error as Error).message);
        return timer(50);
      },
    }),
    takeUntil(connection.closed()),
  )
  .subscribe();
