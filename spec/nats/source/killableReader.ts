// A program that reads a stream with its position in a KV bucket, and settles each message a little after it was given, for its
// parent to kill it.
//   node child.mjs NATS_URL STREAM BUCKET
// It reports what happens on a line each, written before it goes on, so that what was reported survives it.
import { writeSync } from 'node:fs';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { BehaviorSubject } from 'rxjs';
import type { PositionStore } from '../../../lib/flow/contract/PositionStore.js';
import { jetStreamSource, kvPosition } from '../../../lib/nats.js';

const [, , url = '', stream = '', bucketName = ''] = process.argv;
const say = (what: string, n: number): void => {
  writeSync(1, `${what} ${n}\n`);
};

const nc = await connect({
  servers: url,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  pingInterval: 1000,
  waitOnFirstConnect: true,
});
const openBucket = async () => {
  for (;;) {
    try {
      return await new Kvm(nc).create(bucketName);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
};
const stored = kvPosition(await openBucket(), 'reader');
const position: PositionStore = {
  read: async () => stored.read(),
  write: async text => {
    await stored.write!(text);
    say('stored', (JSON.parse(text) as { sequence: number }).sequence);
  },
};

/** As many messages may be unsettled. */
const WINDOW = 16;
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
const source = jetStreamSource({ connection: nc, stream, position, everyMs: 1, batchSize: 10 });
source(pause$, settlement).subscribe({
  next: ({ sequence }) => {
    received++;
    say('given', sequence);
    if (received - settled$.value >= WINDOW) pause$.next(true);
    setTimeout(() => {
      settled$.next(settled$.value + 1);
      say('settled', sequence);
      pause$.next(received - settled$.value >= WINDOW);
    }, 1);
  },
  error: (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
});
