// nats-io/nats.js and nats-io/nats-server, over and over: consumption that stops after a reconnect, silence without a cause, replicas
// that redo each other's work, a retry that reuses its id and is swallowed, a reader that waits 30 s after a reset.
import { describe, expect, jest } from '@jest/globals';
import { AckPolicy, jetstream } from '@nats-io/jetstream';
import { delay, of, Subject, tap } from 'rxjs';
import { backpressure } from 'rx-event-broker';
import { jetStreamSink, jetStreamSource, kvPosition, type NatsConnection, ownPartitions } from 'rx-event-broker/nats';
import { until } from '../nats/natsServer.js';
import { consumer, released, waited } from '../nats/source/consumer.js';
import { onNats } from '../nats/source/onNats.js';
import { memoryPosition, numbers, publish } from '../nats/source/publishing.js';

jest.setTimeout(120_000);
const { test, here, connect, newStream, newBucket } = onNats('spec/complaints/jetstream');
const textOf = ({ data }: { readonly data: Uint8Array }): string => new TextDecoder().decode(data);

describe('consumption that stops after a reconnect', () => {
  test('J6a a source continues after each of three reconnects, without a repeat', async () => {
    const { stream, subject } = await newStream();
    const one = consumer();
    const connection = await connect();
    const source = jetStreamSource({ connection, stream, position: memoryPosition(), notices: one.observer });
    const subscription = one.open(source);
    for (const n of [1, 2, 3]) {
      await publish(here().nc, subject, [String(n)], n);
      await one.until(() => one.received.length === n);
      await connection.reconnect();
    }
    await publish(here().nc, subject, ['4'], 4);
    await one.until(() => one.received.length === 4);
    expect([one.texts(), one.errors]).toEqual([numbers(4), []]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });
});

describe('silence without a cause', () => {
  test('a fetch on a connection that is closed ends without a message and without an error', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, ['1']);
    const connection = await connect();
    const made = await here().manager.consumers.add(stream, { ack_policy: AckPolicy.None });
    const bare = await jetstream(connection).consumers.get(stream, made.name);
    const messages = await bare.fetch({ max_messages: 2, expires: 30_000 });
    let received = 0;
    for await (const { seq } of messages) {
      received = seq;
      void connection.close();
    }
    expect(received).toBe(1);
  });

  test('J6d the source reports that the connection is closed', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, ['1']);
    const one = consumer();
    const connection = await connect();
    one.open(jetStreamSource({ connection, stream, position: memoryPosition(), notices: one.observer }));
    await one.until(() => one.received.length === 1);
    await connection.close();
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]).toMatchObject({ name: 'StreamUnavailableError', missing: 'the connection is closed' });
    await one.until(() => released(one) === 1);
  });
});

describe("replicas that redo each other's work", () => {
  test('J12d, J12e two owners of partitions handle each message once, however slow they are, and while one moves', async () => {
    const { stream } = await newStream();
    const prefix = stream.toLowerCase();
    const kv = await newBucket('owners');
    const sink = jetStreamSink<string>({
      connection: here().nc,
      js: jetstream(here().nc),
      stream,
      encode: text => new TextEncoder().encode(text),
      partitioned: { prefix, partitions: 4, kv, keyOf: text => text },
    });
    const handled: string[] = [];
    const stop$ = new Subject<void>();
    const join = async (owner: string) => {
      const connection = await connect();
      const owned = new Set<number>();
      const subscription = ownPartitions({
        kv,
        name: prefix,
        partitions: 4,
        owner,
        // long: none is taken for dead here, whatever the machine does
        leaseFor: 20_000,
        stop$,
        work: ({ index, stop$: leave$ }) => {
          owned.add(index);
          const source = jetStreamSource({
            connection,
            stream,
            subject: `${prefix}.${index}`,
            position: kvPosition(kv, `reader.${index}`),
            stop$: leave$,
            batchSize: 50,
            notices: { next: () => undefined },
          });
          return backpressure(source, {
            required: true,
            project: message =>
              of(message).pipe(
                delay(3),
                tap(() => handled.push(textOf(message))),
              ),
          }).pipe(tap({ finalize: () => owned.delete(index) }));
        },
      }).subscribe();
      return { owned, subscription };
    };
    const a = await join('a');
    await until('all', async () => a.owned.size === 4);
    await sink.nextBatch(numbers(400));
    // it takes over two partitions in the middle of the work
    const b = await join('b');
    await until('two each', async () => a.owned.size === 2 && b.owned.size === 2, 90_000);
    await sink.nextBatch(numbers(100, 401));
    await until('all work', async () => new Set(handled).size === 500, 90_000);
    stop$.next();
    await until('the end', async () => a.subscription.closed && b.subscription.closed, 90_000);
    expect([...handled].sort((x, y) => Number(x) - Number(y))).toEqual(numbers(500));
  });
});

describe('a retry that reuses its id and is swallowed', () => {
  test('the server considers another message with the same id a duplicate', async () => {
    const { stream, subject } = await newStream();
    const js = jetstream(here().nc);
    await js.publish(subject, 'an order', { msgID: 'attempt' });
    const { duplicate } = await js.publish(subject, 'another order', { msgID: 'attempt' });
    expect([duplicate, (await here().manager.streams.info(stream)).state.messages]).toEqual([true, 1]);
  });

  test('J13a a sink stores equal values, and a batch that is handed over again: ids have positions', async () => {
    const { stream, subject } = await newStream();
    const sink = jetStreamSink<string>({
      connection: here().nc,
      js: jetstream(here().nc),
      stream,
      encode: text => new TextEncoder().encode(text),
      subjectOf: () => subject,
    });
    await sink.nextBatch(['an order', 'an order']);
    await sink.nextBatch(['an order']);
    expect((await here().manager.streams.info(stream)).state.messages).toBe(3);
  });
});

describe('a reader that waits 30 s after a reset', () => {
  test('J2b a message is lost on the way: it is requested when the next one arrives, not when a pull expires', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(20));
    const one = consumer();
    let seen = 0;
    const real: NatsConnection = here().nc;
    /** Everything of the connection, but for the third message. */
    const lossy: NatsConnection = {
      publish: (...args) => real.publish(...args),
      request: (...args) => real.request(...args),
      status: () => real.status(),
      closed: () => real.closed(),
      isClosed: () => real.isClosed(),
      subscribe: (to, { callback }) =>
        real.subscribe(to, {
          callback: (error, message) => {
            if (message.reply === '' || ++seen !== 3) callback(error, message);
          },
        }),
    };
    const source = jetStreamSource({ connection: lossy, stream, position: memoryPosition(), notices: one.observer });
    const subscription = one.open(source);
    await one.until(() => one.received.length === 20);
    expect(one.texts()).toEqual(numbers(20));
    expect(waited(one)).toEqual([`stream ${stream}: expected delivery 3, received 4; reading again from sequence 3`]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    // a reader that waits for 30 s fails
  }, 20_000);
});
