import { describe, expect, jest } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BehaviorSubject, firstValueFrom, filter, Subject } from 'rxjs';
import { jetStreamSource } from 'rx-event-broker/nats';
import { until } from '../natsServer.js';
import { onNats } from './onNats.js';
import { memoryPosition, publish } from './publishing.js';

jest.setTimeout(60_000);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const { test, here, connect, newStream } = onNats('spec/nats/source/memory');

const MIB = 2 ** 20;
/** Forty messages of a mebibyte. */
const COUNT = 40;

/** What buffers hold, in MiB, once it does not shrink any more: sockets release theirs a little later. */
const held = async (): Promise<number> => {
  for (let last = Infinity; ;) {
    await new Promise(resolve => setImmediate(resolve));
    collectGarbage();
    const now = process.memoryUsage().arrayBuffers / MIB;
    if (now >= last) return now;
    last = now;
  }
};

/** A consumer that keeps nothing and settles nothing, and pauses after a number of messages. */
const open = async (stream: string, pauseAfter: number) => {
  const pause$ = new BehaviorSubject(false);
  const received$ = new Subject<number>();
  const settlement = { received: 0, settled: 0, settled$: new BehaviorSubject(0) };
  const source = jetStreamSource({
    connection: await connect(),
    stream,
    position: memoryPosition(),
    maxBytes: 4 * MIB,
    notices: { next: () => undefined },
  });
  const all = (count: number): Promise<number> => firstValueFrom(received$.pipe(filter(n => n === count)));
  const reached = all(pauseAfter);
  const subscription = source(pause$, settlement).subscribe(() => {
    settlement.received++;
    if (settlement.received === pauseAfter) pause$.next(true);
    received$.next(settlement.received);
  });
  return { pause$, reached, all, subscription };
};

const newLargeStream = async (): Promise<string> => {
  const { stream, subject } = await newStream();
  for (let n = 1; n <= COUNT; n++) await publish(here().nc, subject, ['x'.repeat(MIB - 1000)], n);
  return stream;
};

describe('J5 memory', () => {
  test('J5c a paused source holds one pull, in bytes, too', async () => {
    const stream = await newLargeStream();
    const before = await held();
    const { pause$, reached, all, subscription } = await open(stream, 1);
    await reached;
    await until('the pull', async () => {
      const [consumer] = await here().manager.consumers.list(stream).next();
      return consumer!.delivered.consumer_seq >= 3;
    });
    await here().nc.flush();
    expect((await held()) - before).toBeLessThan(10);
    const rest = all(COUNT);
    pause$.next(false);
    await rest;
    subscription.unsubscribe();
  });

  test('J4d a source keeps no bytes of messages that are emitted and not settled', async () => {
    const stream = await newLargeStream();
    const before = await held();
    const { reached, subscription } = await open(stream, COUNT);
    await reached;
    expect((await held()) - before).toBeLessThan(10);
    subscription.unsubscribe();
  });
});
