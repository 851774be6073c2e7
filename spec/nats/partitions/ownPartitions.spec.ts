import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { filter, firstValueFrom, NEVER, Observable, Subject, type Subscription, takeUntil, throwError } from 'rxjs';
import type { Notice } from '../../../lib/index.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import { ownPartitions } from '../../../lib/nats/partitions/ownPartitions.js';
import type { OwnPartitionsOptions } from '../../../lib/nats/partitions/OwnPartitionsOptions.js';
import { partitionOf } from '../../../lib/nats/partitions/partitionOf.js';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startServer, until, type NatsServer } from '../natsServer.js';
import { streamOn, textOf, upTo } from '../sink/streamUnderTest.js';

const binary = natsBinary('spec/nats/partitions');

(binary === undefined ? describe.skip : describe)('ownPartitions', () => {
  let server: NatsServer;
  const connections: NatsConnection[] = [];
  let name = 'orders';
  let tests = 0;

  /** A bucket over a connection of its own, as each process has one. */
  const bucket = async (): Promise<KV> => {
    const nc = await connectTo(server.url);
    connections.push(nc);
    return new Kvm(jetstream(nc)).create('P');
  };

  beforeAll(async () => {
    server = await startServer({ binary: binary! });
  });
  beforeEach(() => {
    name = `orders-${++tests}`;
  });
  afterAll(async () => {
    await Promise.all(connections.map(nc => nc.close()));
    await server.remove();
  });

  /** A member in this process: what it owns now, and all that it ever took, `INDEX@EPOCH`. */
  const joinWith = (kv: KV, options: Partial<OwnPartitionsOptions<never>> = {}) => {
    const owned = new Set<number>();
    const took: string[] = [];
    const notices = new Subject<Notice>();
    const seen: string[] = [];
    notices.subscribe(({ type }) => seen.push(type));
    let error: unknown;
    let hasCompleted = false;
    const subscription: Subscription = ownPartitions<never>({
      kv,
      name,
      partitions: 8,
      leaseFor: 500,
      notices,
      work: ({ index, epoch, stop$ }) =>
        new Observable<never>(subscriber => {
          owned.add(index);
          took.push(`${index}@${epoch}`);
          const stopping = stop$.subscribe(() => subscriber.complete());
          return () => {
            stopping.unsubscribe();
            owned.delete(index);
          };
        }),
      ...options,
    }).subscribe({
      error: (thrown: unknown) => (error = thrown),
      complete: () => (hasCompleted = true),
    });
    return {
      owned,
      took,
      seen,
      notices,
      subscription,
      error: () => error,
      hasCompleted: () => hasCompleted,
    };
  };

  const has = (count: number, ...members: readonly { readonly owned: ReadonlySet<number> }[]) =>
    until(`${count} partitions each`, async () => members.every(({ owned }) => owned.size === count));

  const noneTwice = (...members: readonly { readonly owned: ReadonlySet<number> }[]): void => {
    const all = members.flatMap(({ owned }) => [...owned]);
    expect(all.length).toBe(new Set(all).size);
  };

  test('J12d, J12e members share fairly; a new one gets its share, one by one; one that leaves releases all', async () => {
    const first = joinWith(await bucket());
    await has(8, first);
    expect(first.took).toEqual(upTo(7, 0).map(index => `${index}@1`));
    const second = joinWith(await bucket());
    await has(4, first, second);
    noneTwice(first, second);
    // what moved has the next epoch
    expect(second.took.filter(taken => !taken.endsWith('@2'))).toEqual([]);
    const third = joinWith(await bucket());
    await until(
      '2, 3 and 3',
      async () =>
        [first, second, third]
          .map(({ owned }) => owned.size)
          .sort()
          .join() === '2,3,3',
    );
    noneTwice(first, second, third);
    expect(first.seen).toContain('Released');
    expect(first.seen).not.toContain('Lost');
    third.subscription.unsubscribe();
    second.subscription.unsubscribe();
    expect([second.owned.size, third.owned.size]).toEqual([0, 0]);
    await has(8, first);
    first.subscription.unsubscribe();
  });

  test('J12e a partition that moves settles first: its work is asked to stop, and the next owner waits for its end', async () => {
    const slow = new Subject<void>();
    let asked = 0;
    const first = joinWith(await bucket(), {
      work: ({ stop$ }) => {
        stop$.subscribe(() => asked++);
        return NEVER.pipe(takeUntil(slow));
      },
      partitions: 2,
    });
    await until('both', async () => first.seen.filter(type => type === 'Acquired').length === 2);
    const second = joinWith(await bucket(), { partitions: 2 });
    await until('a request', async () => asked === 1);
    // the other one could have taken it in each of its rounds
    const kv = await bucket();
    const beats = async (): Promise<number> => {
      const { members } = (await kv.get(`leases.${name}.default`))!.json<{
        readonly members: Record<string, number>;
      }>();
      return Object.values(members).reduce((sum, beat) => sum + beat);
    };
    const before = await beats();
    await until('ten rounds', async () => (await beats()) >= before + 10);
    expect(second.owned.size).toBe(0);
    slow.next();
    await has(1, second);
    expect(asked).toBe(1);
    first.subscription.unsubscribe();
    second.subscription.unsubscribe();
  });

  test('J12f stop$ asks all work to end, releases everything and completes', async () => {
    const stop$ = new Subject<void>();
    const first = joinWith(await bucket(), { stop$ });
    await has(8, first);
    stop$.next();
    await until('the end', async () => first.hasCompleted());
    expect(first.seen.filter(type => type === 'Released')).toHaveLength(8);
    const begun = performance.now();
    const second = joinWith(await bucket(), { leaseFor: 60_000 });
    await has(8, second);
    expect(performance.now() - begun).toBeLessThan(30_000);
    second.subscription.unsubscribe();
  });

  test('J12g work that fails is the error of the result, and everything is released', async () => {
    const first = joinWith(await bucket(), {
      work: ({ index }) => (index === 3 ? throwError(() => new Error('no')) : NEVER),
    });
    await until('the error', async () => first.error() !== undefined);
    expect(String(first.error())).toBe('Error: no');
    const second = joinWith(await bucket(), { leaseFor: 60_000 });
    await has(8, second);
    second.subscription.unsubscribe();
  });

  test('J12b, J12c another number is rejected by members and by sinks; a sink puts a value into its partition', async () => {
    const first = joinWith(await bucket());
    await has(8, first);
    const other = joinWith(await bucket(), { partitions: 9 });
    await until('the error', async () => other.error() !== undefined);
    expect(other.error()).toMatchObject({ name: 'PartitionsError', stored: 8, given: 9 });
    first.subscription.unsubscribe();

    const kv = await bucket();
    const stream = await streamOn(server);
    const prefix = `${stream.name.toLowerCase()}.lane`;
    const sinkOf = (partitions: number) =>
      jetStreamSink<number>({
        connection: stream.nc,
        js: stream.js,
        stream: stream.name,
        encode: textOf,
        partitioned: { prefix, partitions, kv, keyOf: n => `key-${n % 10}` },
      });
    await sinkOf(4).nextBatch(upTo(40));
    await expect(sinkOf(5).nextBatch([41])).rejects.toMatchObject({
      name: 'PartitionsError',
      what: prefix,
      stored: 4,
      given: 5,
    });
    const stored = await stream.stored();
    expect(stored).toHaveLength(40);
    for (const { subject, text } of stored)
      expect(subject).toBe(`${prefix}.${partitionOf(`key-${Number(text) % 10}`, 4)}`);
    await stream.remove();
  });

  test('J10a a member that cannot renew cuts off its work before others take over, and returns with new epochs', async () => {
    const kv = await bucket();
    const gate = { isOpen: true, open: () => undefined as void };
    const cut = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!gate.isOpen) await new Promise<void>(resolve => (gate.open = resolve));
      return work();
    };
    const slow = {
      get: (key: string) => cut(() => kv.get(key)),
      create: (key: string, data: Uint8Array) => kv.create(key, data),
      update: (key: string, data: Uint8Array, revision: number) => cut(() => kv.update(key, data, revision)),
    };
    const first = joinWith(slow as never);
    await has(8, first);
    const second = joinWith(await bucket());
    await has(4, first, second);
    gate.isOpen = false;
    await until('lost leases', async () => first.owned.size === 0);
    // the others wait a quarter of the lease longer
    expect(second.owned.size).toBe(4);
    await has(8, second);
    expect(first.seen.filter(type => type === 'Lost').length).toBeGreaterThanOrEqual(4);
    gate.isOpen = true;
    gate.open();
    await has(4, first, second);
    noneTwice(first, second);
    expect(first.took.slice(-4).every(taken => Number(taken.split('@')[1]) >= 3)).toBe(true);
    first.subscription.unsubscribe();
    second.subscription.unsubscribe();
  });

  test('J10a, J12f a member that has repeatedly lost its leases leaves nothing in the table when it ends', async () => {
    const kv = await bucket();
    const gate = { isOpen: true, open: () => undefined as void };
    const slow = {
      get: async (key: string) => {
        if (!gate.isOpen) await new Promise<void>(resolve => (gate.open = resolve));
        return kv.get(key);
      },
      create: (key: string, data: Uint8Array) => kv.create(key, data),
      update: (key: string, data: Uint8Array, revision: number) => kv.update(key, data, revision),
    };
    const stop$ = new Subject<void>();
    const member = joinWith(slow as never, { stop$ });
    for (let losses = 1; losses <= 3; losses++) {
      await has(8, member);
      gate.isOpen = false;
      await until('lost leases', async () => member.owned.size === 0);
      gate.isOpen = true;
      gate.open();
    }
    await has(8, member);
    expect(member.took.slice(-8)).toEqual(upTo(7, 0).map(index => `${index}@4`));
    const tableOf = async () =>
      (await kv.get(`leases.${name}.default`))!.json<{ members: object; leases: { owner: string }[] }>();
    expect(Object.keys((await tableOf()).members)).toHaveLength(1);
    stop$.next();
    await until('its end', async () => member.hasCompleted());
    const { members, leases } = await tableOf();
    expect([members, new Set(leases.map(({ owner }) => owner))]).toEqual([{}, new Set([''])]);
  });

  test('J10b, J10d processes killed and frozen: others take over, and one that wakes up late cuts off its work', async () => {
    await bucket();
    const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-partitions-'));
    const program = join(directory, 'member.mjs');
    buildSync({
      entryPoints: [join(process.cwd(), 'spec/nats/partitions/memberProgram.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    });
    const children: ChildProcess[] = [];
    const epochs = new Map<number, number>();
    const startMember = (owner: string) => {
      const child = spawn(process.execPath, [program, server.url, '1500', owner], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const owned = new Set<number>();
      const lines: string[] = [];
      let rest = '';
      child.stdout.on('data', (data: Buffer) => {
        const [...whole] = (rest + data.toString()).split('\n');
        rest = whole.pop()!;
        for (const line of whole) {
          lines.push(line);
          const [what, index, epoch] = line.split(' ');
          if (what === 'left') owned.delete(Number(index));
          else {
            owned.add(Number(index));
            // each one that takes it has a higher epoch than all before it
            expect(Number(epoch)).toBeGreaterThan(epochs.get(Number(index)) ?? 0);
            epochs.set(Number(index), Number(epoch));
          }
        }
      });
      return { child, owned, lines };
    };
    const [a, b] = [startMember('a'), startMember('b')];
    await has(2, a, b);
    a.child.kill('SIGKILL');
    await once(a.child, 'exit');
    await has(4, b);
    const c = startMember('c');
    await has(2, b, c);
    b.child.kill('SIGSTOP');
    await has(4, c);
    const before = b.lines.length;
    b.child.kill('SIGCONT');
    await until(
      'that it leaves',
      async () => b.lines.slice(before).filter(line => line.startsWith('left')).length === 2,
    );
    await has(2, b, c);
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }, 60_000);

  test('J12h a member waits for a bucket that does not answer', async () => {
    const own = await startServer({ binary: binary! });
    const nc = await connectTo(own.url);
    const kv = await new Kvm(jetstream(nc, { timeout: 300 })).create('P');
    const first = joinWith(kv, { leaseFor: 1000 });
    await has(8, first);
    const isWaiting = firstValueFrom(first.notices.pipe(filter(({ type }) => type === 'Waiting')));
    await own.kill();
    await isWaiting;
    await until('lost leases', async () => first.owned.size === 0);
    await own.start();
    await has(8, first);
    expect(first.error()).toBeUndefined();
    first.subscription.unsubscribe();
    await nc.close();
    await own.remove();
  }, 60_000);

  test.each<[string, Record<string, unknown>]>([
    ['kv', { kv: {} }],
    ['name', { name: 'a b' }],
    ['partitions', { partitions: 0 }],
    ['work', { work: 1 }],
    ['leaseFor', { leaseFor: 1 }],
  ])('O5a an invalid option is an OptionError: %s', (option, wrong) => {
    const kv = { get() {}, create() {}, update() {} };
    const options = { kv, name: 'a', partitions: 1, work: () => NEVER, ...wrong };
    expect(() => ownPartitions(options as never)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });
});
