// 10. A data node: socket → disk buffer → fan-out → broker and one SQL transaction a block.
import { Client } from 'pg';
import { ignoreElements, merge, Subject, tap } from 'rxjs';
import {
  deserialize,
  eventBroker,
  fanOut,
  ofType,
  verifyChain,
  verifySequence,
  type Notice,
  type Pausable,
  storeBlocks,
} from 'rx-event-broker';
import { bufferOnDisk, socketServer } from 'rx-event-broker/node';
import { sqlBlockStore } from 'rx-event-broker/sql';
import { blockMark, blockOf, Market, vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';

const client = new Client({ connectionString: process.env['DATABASE_URL'] });
await client.connect();
const notices = new Subject<Notice>();
const done$ = new Subject<string>(); // hashes of committed blocks: what the disk buffer may forget

const messages = bufferOnDisk(pause$ => socketServer({ port: 3005, pause$, notices }), {
  directory: 'buffer',
  sync: 'onBlock',
  acknowledge: { blockOf, done$ },
  notices,
});
const events: Pausable<VegaEvent> = (pause$, settlement) =>
  messages(pause$, settlement).pipe(
    deserialize(vegaDecoder, { notices }),
    verifyChain('testnet-001'),
    verifySequence(),
  );
const shared = fanOut(events, { expectedSubscribers: 2 });

const broker = eventBroker<VegaEvent>({ unlisted: ['TxError'] });
broker.subscribe({
  name: 'api',
  required: false,
  types: [...Market, 'Order'],
  capacity: 100_000,
  next: e => console.log(e.type, e.blockNr),
});

const blocks$ = storeBlocks(shared, {
  chainId: 'testnet-001',
  store: sqlBlockStore(client),
  blockMark,
  subscribers: [
    {
      types: ['Order'],
      next: (order, sql) => sql.query('insert into orders values ($1, $2)', [order.payload.id, order.payload.price]),
    },
    {
      types: ['Trade'],
      next: (trade, sql) => sql.query('insert into trades values ($1, $2)', [trade.payload.id, trade.payload.size]),
    },
  ],
}).pipe(tap(block => done$.next(block.hash)));

merge(broker.receive(shared).pipe(ignoreElements()), blocks$).subscribe({
  next: block => console.log(`block ${block.height} committed`),
  error: (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
  complete: () => void client.end(),
});
broker.notices$.pipe(ofType('Failed', 'Stalled')).subscribe(console.warn);
