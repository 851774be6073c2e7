import { basename } from 'node:path';
import { readFileSync } from 'node:fs';

/** The code of every `@example` in a source file. */
export const examplesOf = (source: string): readonly string[] =>
  [...source.matchAll(/@example\n *\* ```ts\n([^]*?)\n *\* ```/g)].map(([, code = '']) =>
    code.replace(/^ *\* ?/gm, ''),
  );

const namesOf = (entry: string): readonly string[] =>
  [...readFileSync(entry, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map(name => name.trim().replace(/^type /, ''))
      .filter(name => name !== ''),
  );

/** What an example takes for granted: a name that is missing here is one that the reader cannot guess. */
const standIns = `
import { firstValueFrom, filter, map, Observable, takeUntil, timer, toArray, type Subscription } from 'rxjs';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import * as t from 'io-ts';
import * as z from 'zod';
import * as fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { isSome } from 'fp-ts/lib/Option.js';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

type Price = { readonly type: 'Price'; readonly value: number };
type Halt = { readonly type: 'Halt' };
type Payment = { readonly type: 'Payment'; readonly account: string };
type AnyVega = VegaEvent;
declare const Price: t.Type<Price>;
declare const broker: EventBroker<Price | Halt | Payment | AnyVega>;
declare const subscription: BrokerSubscription;
declare const source: Pausable<AnyVega>;
declare const events: readonly AnyVega[];
declare const events$: Observable<AnyVega>;
declare const prices$: Observable<Price>;
declare const clicks$: Observable<MouseEvent>;
declare const hidden$: Observable<boolean>;
declare const bytes$: Observable<Uint8Array>;
declare const messages$: Observable<Uint8Array>;
declare const stored$: Observable<CommittedBlock>;
declare const config: Config;
declare const file: string;
declare const line: string;
declare const pay: (payment: unknown) => Promise<void>;
declare const bank: { readonly pay: (payment: unknown) => Promise<void> };
declare const client: SqlClient;
declare const connection: Awaited<ReturnType<typeof connect>>;
declare class Kvm {
  constructor(connection: NatsConnection);
  create(name: string): Promise<KeyValue>;
}
declare class Client implements SqlClient {
  connect(): Promise<void>;
  query: SqlClient['query'];
  on(event: string, listener: () => void): this;
}
declare const numbers: Pausable<number>;
declare const channel: {
  consume(next: (tag: number, text: string) => void): Subscription;
  ack(tag: number): void;
};
declare const store: <T>(value: T) => Promise<void>;
declare const save: <T>(value: T) => Promise<void>;
declare const insert: <T>(value: T) => Promise<void>;
declare const archive: <T>(value: T) => Promise<void>;
declare const load: <T>(value: T) => Promise<string>;
declare const draw: <T>(value: T) => void;
declare const log: <T>(value: T) => void;
declare const readEvents: () => Iterable<Price>;
declare const readRows: () => AsyncIterable<string>;
declare const post: (path: string, body: unknown) => Promise<void>;
declare const book: (order: unknown) => Promise<void>;
declare const parse: (line: string) => Price;
declare const keepsOrder: (events: readonly AnyEvent[]) => boolean;
declare const rows: BlockSubscriber<AnyVega, 'Order', MemoryTx>;
declare const orders: BlockSubscriber<AnyVega, 'Order', SqlClient>;
declare const trades: BlockSubscriber<AnyVega, 'Trade', SqlClient>;
declare const subscribers: readonly [typeof orders];
declare const kv: KeyValue;
declare const worker: PortLike;
declare const lane: (index: number) => Observable<Price>;
type MemoryTx = ReturnType<typeof memoryBlockStore> extends BlockStore<infer Tx> ? Tx : never;
declare const openMyQueue: (values: readonly string[]) => SettledBacking<string>;
declare const openMyParking: () => Promise<ParkingUnderTest>;
declare const openMyStore: () => Promise<StoreUnderTest<unknown>>;
declare const test: (name: string, body: () => unknown) => void;
`;

/** One module in which each example is a function: its own names are its own. */
export const examplesIn = (examples: readonly string[], entries: readonly string[]): string =>
  [
    // a name that two entries export is imported from the first of them
    ...entries.map((entry, i) => {
      const earlier = entries.slice(0, i).flatMap(namesOf);
      const names = namesOf(entry).filter(name => !earlier.includes(name));
      return `import { ${names.join(', ')} } from './${basename(entry, '.ts')}.js';`;
    }),
    standIns,
    ...examples
      .map(code => `export const _ = async () => {\n${code}\n};`)
      .map((code, i) => code.replace('_', `example${i}`)),
  ].join('\n');
