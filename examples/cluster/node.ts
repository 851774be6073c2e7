// One of several data nodes: for each partition that it owns, stream ──► decode ──► block store, with the position in its transaction.
import { from, defer, map, merge, type Observable, Subject, switchMap, tap } from 'rxjs';
import { deserialize, type Pausable } from 'rx-event-broker';
import { jetStreamSource, ownPartitions, type Partition } from 'rx-event-broker/nats';
import { sqlBlockStore } from 'rx-event-broker/sql';
import { type VegaEvent, vegaDecoder } from 'rx-event-broker/vega';
import { openDatabase } from '../store/openDatabase.js';
import { makeTables, storeMarket } from '../store/storeMarket.js';
import { openBucket, PREFIX, STREAM } from './cluster.js';
import { databaseOf } from './databaseOf.js';
import { connectTo } from './natsServer.js';
import { usingDatabase } from './usingDatabase.js';

const [owner = '', url = '', partitions, directory = '', databaseUrl] = process.argv.slice(2);
const connection = await connectTo(url);
const stop$ = new Subject<void>();
process.once('SIGTERM', () => stop$.next());
const notices = { next: (notice: object) => console.error(notice) };

const work = ({ index, stop$: leave$ }: Partition): Observable<string> =>
  defer(async () => {
    const [at, folder] = databaseOf(databaseUrl, directory, index);
    const database = await openDatabase(at, folder);
    await makeTables(database.client);
    return database;
  }).pipe(
    switchMap(database => {
      const store = sqlBlockStore(database.client, { name: `partition ${index}`, fence: true });
      const messages = jetStreamSource({
        connection,
        stream: STREAM,
        subject: `${PREFIX}.${index}`,
        position: store.position,
        stop$: leave$,
        notices,
      });
      const events: Pausable<VegaEvent> = (pause$, settlement) =>
        messages(pause$, settlement).pipe(
          map(({ data }) => data),
          deserialize(vegaDecoder),
        );
      const blocks$ = storeMarket(events, database, { chainId: 'market-sim', store });
      const lines$ = blocks$.pipe(map(({ height }) => `partition ${index} block ${height}`));
      // the partition is released when its database is closed: another process may open that of PGlite then
      return usingDatabase(database, lines$);
    }),
  );

const owned$ = ownPartitions({
  kv: await openBucket(connection),
  name: PREFIX,
  partitions: Number(partitions),
  owner,
  // PGlite blocks its process for seconds when it is opened, which must not look like a dead process
  leaseFor: databaseUrl === undefined ? 15_000 : 2000,
  work,
  stop$,
  notices: { next: ({ type, ...of }) => 'partition' in of && console.log(`${type} partition ${of.partition}`) },
});
merge(owned$, from(['ready']))
  .pipe(tap(line => console.log(line)))
  .subscribe({
    error: (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
    complete: () => void connection.close(),
  });
