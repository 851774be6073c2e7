// A program that reads an outbox, and settles each row a little after it was given, for its parent to kill it.
//   node child.mjs DATABASE_URL
// It reports what happens to each row on a line, written before it goes on, so that what was reported survives it.
import { writeSync } from 'node:fs';
import { Client } from 'pg';
import { BehaviorSubject } from 'rxjs';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { outboxSource } from '../../../lib/store/outbox/outboxSource.js';

const client = new Client({ connectionString: process.argv[2] });
client.on('error', () => undefined);
await client.connect();

/** `given PAYLOAD`, then `settled PAYLOAD`, then `deleted PAYLOAD` when the database has answered. */
const say = (what: string, payload: unknown) => writeSync(1, `${what} ${String(payload)}\n`);

const payloads = new Map<string, string | null>();
const reading: SqlClient = {
  async query(statement: unknown, values?: unknown[]) {
    const result = await client.query(statement as string, values);
    const { text = '', values: keys = [] } = statement as { readonly text?: string; readonly values?: string[] };
    if (text.startsWith('delete')) for (const id of keys[0]!.slice(1, -1).split(',')) say('deleted', payloads.get(id));
    return result;
  },
};
// what tells it that it is a client of pg
const like = Object.assign(reading, {
  escapeLiteral: true,
  on: client.on.bind(client),
  removeListener: client.removeListener.bind(client),
});

/** As many rows may be unsettled. */
const WINDOW = 8;
const pause$ = new BehaviorSubject(false);
const settled$ = new BehaviorSubject(0);
let received = 0;
const settlement = {
  get received() {
    return received;
  },
  get settled() {
    return settled$.value;
  },
  settled$,
};
const rows$ = outboxSource(like, { columns: ['payload'], batchSize: 5, pollEvery: 20 })(pause$, settlement);
rows$.subscribe({
  next: ({ id, payload }) => {
    payloads.set(id, payload);
    received++;
    say('given', payload);
    if (received - settled$.value >= WINDOW) pause$.next(true);
    setTimeout(() => {
      say('settled', payload);
      settled$.next(settled$.value + 1);
      pause$.next(false);
    }, 2);
  },
  error: (error: unknown) => {
    writeSync(2, `${String(error)}\n`);
    process.exit(3);
  },
});
