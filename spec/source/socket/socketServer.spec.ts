import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BehaviorSubject, Subject, concat, of, retry, throwError } from 'rxjs';
import { fromPull } from '../../../lib/flow/fromPull.js';
import { encodeFrame } from '../../../lib/source/socket/frame.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';
import { handClock } from './handClock.js';
import { frameOf, hello, rawPeer, someRoundTrips, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';
import { closeAll, released, serving } from './serving.js';

const has =
  (...expected: readonly string[]) =>
  (seen: readonly string[]) =>
    seen.length >= expected.length && expected.every((value, i) => seen[i] === value);
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('socketServer', () => {
  afterEach(closeAll);

  test('greets at once, and emits messages in order, empty ones too', async () => {
    const { port, messages } = await serving();
    const peer = rawPeer(port);
    await peer.has(8);
    expect(peer.bytes()).toEqual([...hello]);
    peer.socket.write(Buffer.concat([hello, frameOf('a'), frameOf(''), frameOf('b')]));
    await messages.until(has('a', '', 'b'));
    peer.socket.destroy();
    expect(messages.seen).toEqual(['a', '', 'b']);
  });

  test('takes bytes that are cut at every place', async () => {
    const { port, messages } = await serving();
    const peer = rawPeer(port);
    for (const byte of Buffer.concat([hello, frameOf('hello'), frameOf(''), frameOf('world')])) {
      // each byte is a packet of its own: the next is written when this one has left
      await new Promise(resolve => peer.socket.write(Uint8Array.of(byte), resolve));
    }
    await messages.until(has('hello', '', 'world'));
    peer.socket.destroy();
  });

  test('takes a message of exactly maxMessageBytes', async () => {
    const { port, messages, rejected } = await serving({ maxMessageBytes: 3_000_000 });
    const peer = rawPeer(port, hello, encodeFrame(new Uint8Array(3_000_000).fill(97)), frameOf('next'));
    await messages.until(seen => seen.length === 2);
    expect(messages.seen[0]).toBe('a'.repeat(3_000_000));
    expect(rejected()).toEqual([]);
    peer.socket.destroy();
  });

  test('N7 listens on 127.0.0.1 unless told otherwise', async () => {
    expect((await serving()).host).toBe('127.0.0.1');
    expect((await serving({ host: '0.0.0.0' })).host).toBe('0.0.0.0');
  });

  describe('N1 closes a connection that does wrong, says why, and lives on', () => {
    const wrong: readonly (readonly [string, readonly Uint8Array[], string])[] = [
      ['another protocol', [bytesOf('GET / HTTP/1.1\r\n\r\n')], 'GreetingError'],
      ['pub, not pair', [Uint8Array.of(0, 0x53, 0x50, 0, 0, 0x20, 0, 0)], 'GreetingError'],
      ['pair, version 1', [Uint8Array.of(0, 0x53, 0x50, 0, 0, 0x11, 0, 0)], 'GreetingError'],
      ['reserved bits', [Uint8Array.of(0, 0x53, 0x50, 0, 0, 0x10, 0, 1)], 'GreetingError'],
      ['a message that is too long', [hello, encodeFrame(new Uint8Array(1001))], 'FrameSizeError'],
      ['a length without end', [hello, new Uint8Array(8).fill(0xff)], 'FrameSizeError'],
    ];
    test.each(wrong)('%s', async (_, bytes, name) => {
      const { port, messages, notices, rejected } = await serving({ maxMessageBytes: 1000 });
      const bad = rawPeer(port, ...bytes);
      const address = await new Promise<string>(resolve =>
        bad.socket.once('connect', () => resolve(`127.0.0.1:${String(bad.socket.localPort)}`)),
      );
      await bad.ended;
      expect(rejected()).toEqual([name]);
      expect(notices.seen).toContainEqual(expect.objectContaining({ type: 'PeerRejected', peer: address }));
      const good = rawPeer(port, hello, frameOf('good'));
      await messages.until(has('good'));
      good.socket.destroy();
    });

    test('gone in the middle of the greeting, or of a message', async () => {
      const { port, messages, notices } = await serving();
      for (const bytes of [hello.subarray(0, 5), Buffer.concat([hello, frameOf('cut').subarray(0, 9)])]) {
        const bad = rawPeer(port, bytes);
        bad.socket.end();
        await bad.ended;
      }
      await notices.until(seen => seen.filter(({ type }) => type === 'PeerRejected').length === 2);
      expect(notices.seen.flatMap(n => (n.type === 'PeerRejected' ? [n.error] : []))).toMatchObject([
        { name: 'PeerLostError', partialBytes: 0 },
        { name: 'PeerLostError', partialBytes: 9 },
      ]);
      const good = rawPeer(port, hello, frameOf('good'));
      await messages.until(has('good'));
      good.socket.destroy();
    });

    test('whatever random bytes come, before the greeting and after it', async () => {
      const { port, messages, rejected } = await serving({ maxMessageBytes: 100 });
      const known = ['GreetingError', 'FrameSizeError', 'PeerLostError'];
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 60 }), async (greets, bytes) => {
          const bad = rawPeer(port, ...(greets ? [hello] : []), bytes);
          bad.socket.end();
          await bad.ended;
          expect(rejected().filter(name => !known.includes(name))).toEqual([]);
        }),
        { numRuns: 60 },
      );
      const before = messages.seen.length;
      const good = rawPeer(port, hello, frameOf('good'));
      await messages.until(seen => seen.length > before);
      expect(messages.seen.at(-1)).toBe('good');
      good.socket.destroy();
    });

    test('nobody else is disturbed by it', async () => {
      const { port, messages } = await serving();
      const good = rawPeer(port, hello, frameOf('0'));
      await messages.until(has('0'));
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async bytes => {
          const bad = rawPeer(port, bytes);
          await bad.ended;
          const count = messages.seen.length;
          good.socket.write(frameOf(String(count % 10)));
          await messages.until(seen => seen.length > count);
          expect(messages.seen.at(-1)).toBe(String(count % 10));
        }),
        { numRuns: 30 },
      );
      good.socket.destroy();
    });
  });

  describe('N2 one peer at a time', () => {
    test('a second one is closed, not greeted; it may come when the first has gone', async () => {
      const { port, messages, notices, rejected } = await serving();
      const first = rawPeer(port, hello, frameOf('1'));
      await messages.until(has('1'));
      const second = rawPeer(port, hello, frameOf('no'));
      await second.ended;
      expect(second.bytes()).toEqual([]);
      expect(rejected()).toEqual(['PeerBusyError']);
      first.socket.write(frameOf('2'));
      await messages.until(has('1', '2'));
      first.socket.end();
      await first.ended;
      const third = rawPeer(port, hello, frameOf('3'));
      await messages.until(has('1', '2', '3'));
      third.socket.destroy();
      expect(notices.seen.map(({ type }) => type)).toEqual(['Waiting', 'PeerRejected', 'Waiting']);
    });

    test('two that greet at once: one of them', async () => {
      const { port, messages, rejected } = await serving();
      const peers = [rawPeer(port), rawPeer(port)];
      await Promise.all(peers.map(peer => peer.has(8)));
      for (const { socket } of peers) socket.write(Buffer.concat([hello, frameOf('x')]));
      await Promise.race(peers.map(peer => peer.ended));
      await messages.until(has('x'));
      expect(rejected()).toEqual(['PeerBusyError']);
      expect(messages.seen).toEqual(['x']);
      for (const { socket } of peers) socket.destroy();
    });

    test('a silent connection keeps nobody out, and eight of them are the most', async () => {
      const { port, messages, rejected } = await serving();
      const silent = Array.from({ length: 7 }, () => rawPeer(port));
      await Promise.all(silent.map(peer => peer.has(8)));
      const good = rawPeer(port, hello, frameOf('in'));
      await messages.until(has('in'));
      good.socket.end();
      await good.ended;
      silent.push(rawPeer(port));
      await silent[7]!.has(8);
      const ninth = rawPeer(port);
      await ninth.ended;
      expect(rejected()).toEqual(['PeerBusyError']);
      for (const { socket } of silent) socket.destroy();
    });

    test('a peer killed, and back', async () => {
      const { port, messages } = await serving();
      for (const text of ['1', '2', '3']) {
        const peer = rawPeer(port, hello, frameOf(text));
        await messages.until(seen => seen.includes(text));
        peer.socket.resetAndDestroy();
        await peer.ended;
      }
      expect(messages.seen).toEqual(['1', '2', '3']);
    });
  });

  describe('N3 deadlines', () => {
    test('a peer that does not greet within 10 s is closed', async () => {
      const { scheduler, advance } = handClock();
      const { port, notices, rejected } = await serving({ scheduler });
      const silent = rawPeer(port, hello.subarray(0, 7));
      await silent.has(8);
      advance(9999);
      expect(rejected()).toEqual([]);
      advance(1);
      await silent.ended;
      expect(notices.seen.at(-1)).toMatchObject({
        error: {
          name: 'GreetingTimeoutError',
          message: expect.stringContaining('expected a greeting within 10000 ms, found none'),
        },
      });
    });

    test('one that has greeted may be silent for ever', async () => {
      const { scheduler, advance } = handClock();
      const { port, messages, rejected } = await serving({ scheduler });
      const peer = rawPeer(port, hello, frameOf('a'));
      await messages.until(has('a'));
      advance(1e12);
      peer.socket.write(frameOf('b'));
      await messages.until(has('a', 'b'));
      expect(rejected()).toEqual([]);
      peer.socket.destroy();
    });

    test('more than three receive timeouts in a row are an error, a message begins the row anew', async () => {
      const { scheduler, advance } = handClock();
      const { port, messages, notices } = await serving({ scheduler, receiveTimeout: 100 });
      const peer = rawPeer(port, hello);
      await peer.has(8);
      for (let i = 0; i < 3; i++) advance(100);
      peer.socket.write(frameOf('a'));
      await messages.until(has('a'));
      for (let i = 0; i < 3; i++) advance(100);
      expect(messages.seen).toEqual(['a']);
      advance(99);
      expect(messages.seen).toEqual(['a']);
      advance(1);
      expect(messages.seen).toEqual(['a', 'error: ReceiveTimeoutError']);
      expect(notices.seen.filter(n => n.type === 'Waiting' && n.what.endsWith('waits for a message')).length).toBe(7);
      await peer.ended;
    });

    test('it is so without any peer, and with maxReceiveTimeouts: 0 at the first', async () => {
      const { scheduler, advance } = handClock();
      const { messages } = await serving({ scheduler, receiveTimeout: 100, maxReceiveTimeouts: 0 });
      advance(99);
      expect(messages.seen).toEqual([]);
      advance(1);
      expect(messages.seen).toEqual(['error: ReceiveTimeoutError']);
    });

    test('time that we pause does not count', async () => {
      const { scheduler, advance } = handClock();
      const pause$ = new BehaviorSubject(true);
      const { messages } = await serving({ scheduler, receiveTimeout: 100, maxReceiveTimeouts: 0, pause$ });
      advance(1000);
      expect(messages.seen).toEqual([]);
      pause$.next(false);
      advance(100);
      expect(messages.seen).toEqual(['error: ReceiveTimeoutError']);
    });
  });

  describe('N5 answers', () => {
    test('go to the peer that is there, and wait for one that is not', async () => {
      const replies$ = new Subject<Uint8Array>();
      const { port, messages } = await serving({ replies$ });
      replies$.next(bytesOf('early'));
      const peer = rawPeer(port, hello, frameOf('a'));
      await messages.until(has('a'));
      replies$.next(bytesOf('late'));
      replies$.next(bytesOf(''));
      await peer.has(8 + 13 + 12 + 8);
      expect(peer.bytes()).toEqual([...hello, ...frameOf('early'), ...frameOf('late'), ...frameOf('')]);
      peer.socket.destroy();
    });

    test('their completion leaves the server open, their error is its error', async () => {
      const { port, messages } = await serving({ replies$: of(bytesOf('x')) });
      const peer = rawPeer(port, hello, frameOf('a'));
      await peer.has(17);
      await messages.until(has('a'));
      peer.socket.destroy();
      const failing = await serving({ replies$: throwError(() => new TypeError('mine')) });
      expect(failing.messages.seen).toEqual(['error: TypeError']);
    });

    test('pause a source that can be paused while nobody reads them', async () => {
      let asked = 0;
      const { port } = await serving({
        replies$: pause$ =>
          fromPull(
            function* () {
              for (; asked < 3000; asked++) yield new Uint8Array(10_000);
            },
            { pause$ },
          ),
      });
      expect(asked).toBe(0);
      const peer = rawPeer(port, hello);
      await peer.has(8);
      peer.socket.pause();
      await someRoundTrips(port);
      expect(asked).toBeLessThan(2000); // 30 MB do not fit into what TCP and two buffers of 64 kB hold
      peer.socket.resume();
      await peer.has(8 + 3000 * 10_008);
      expect(asked).toBe(3000);
      peer.socket.destroy();
    });

    test('past maxMessageBytes a source that cannot be paused is an error', async () => {
      const replies$ = new Subject<Uint8Array>();
      const { messages } = await serving({ replies$, maxMessageBytes: 100 });
      for (let i = 0; i < 3; i++) replies$.next(new Uint8Array(42)); // 50 bytes each: 150 wait
      expect(messages.seen).toEqual([]);
      replies$.next(new Uint8Array(1));
      expect(messages.seen).toEqual(['error: SendBufferFullError']);
    });
  });

  describe('N6 pause', () => {
    test('nothing is emitted while paused, from the same chunk neither; then what was left', async () => {
      const pause$ = new BehaviorSubject(false);
      const seen = recorder<string>();
      const addresses = recorder<{ readonly port: number }>();
      const subscription = socketServer({ port: 0, pause$, listening: addresses }).subscribe(message => {
        seen.next(textOf(message));
        if (textOf(message) === 'b') pause$.next(true);
      });
      await addresses.until(all => all.length > 0);
      const peer = rawPeer(
        addresses.seen[0]!.port,
        Buffer.concat([hello, ...'abcd'].map(x => (typeof x === 'string' ? frameOf(x) : x))),
      );
      await seen.until(has('a', 'b'));
      peer.socket.write(frameOf('e'));
      await new Promise(resolve => peer.socket.write(frameOf('f'), resolve));
      expect(seen.seen).toEqual(['a', 'b']);
      pause$.next(false);
      await seen.until(has('a', 'b', 'c', 'd', 'e', 'f'));
      peer.socket.destroy();
      subscription.unsubscribe();
    });

    test('toggled inside next: nothing twice, nothing out of order', async () => {
      const pause$ = new BehaviorSubject(false);
      const seen = recorder<string>();
      const addresses = recorder<{ readonly port: number }>();
      const subscription = socketServer({ port: 0, pause$, listening: addresses }).subscribe(message => {
        seen.next(textOf(message));
        pause$.next(true);
        pause$.next(false);
      });
      await addresses.until(all => all.length > 0);
      const letters = [...'abcdefghij'];
      const peer = rawPeer(addresses.seen[0]!.port, Buffer.concat([hello, ...letters.map(frameOf)]));
      await seen.until(has(...letters));
      expect(seen.seen).toEqual(letters);
      peer.socket.destroy();
      subscription.unsubscribe();
    });

    test('a peer that goes while paused: what it had sent comes first', async () => {
      const pause$ = new BehaviorSubject(true);
      const { port, messages } = await serving({ pause$ });
      const peer = rawPeer(port, Buffer.concat([hello, frameOf('a'), frameOf('b')]));
      await peer.has(8);
      await new Promise<void>(resolve => peer.socket.end(resolve));
      expect(messages.seen).toEqual([]);
      pause$.next(false);
      await messages.until(has('a', 'b'));
      await peer.ended;
      const next = rawPeer(port, hello, frameOf('c'));
      await messages.until(has('a', 'b', 'c'));
      next.socket.destroy();
    });

    test('the peer comes to a halt: 64 MiB do not fit anywhere', async () => {
      const pause$ = new BehaviorSubject(true);
      const { port, messages } = await serving({ pause$ });
      const peer = rawPeer(port, hello);
      await peer.has(8);
      const frame = encodeFrame(new Uint8Array(65_536).fill(97));
      let written = 0;
      const write = () => {
        while (written < 1024) {
          written++;
          if (!peer.socket.write(frame)) return;
        }
        peer.socket.end();
      };
      peer.socket.on('drain', write);
      write();
      await someRoundTrips(port); // TCP's own buffers take some megabytes, then nothing moves
      expect(written).toBeLessThan(512);
      expect(messages.seen).toEqual([]);
      pause$.next(false);
      await messages.until(seen => seen.length === 1024);
      expect(messages.seen.every(text => text.length === 65_536)).toBe(true);
    }, 20_000);

    test('an error of pause$ is the error of the server, its completion leaves the last level', async () => {
      const pause$ = new Subject<boolean>();
      const { port, messages, subscription } = await serving({ pause$ });
      pause$.next(false);
      pause$.complete();
      const peer = rawPeer(port, hello, frameOf('a'));
      await messages.until(has('a'));
      expect(subscription.closed).toBe(false);
      peer.socket.destroy();
      const failing = await serving({
        pause$: concat(
          of(true),
          throwError(() => new TypeError('level')),
        ),
      });
      expect(failing.messages.seen).toEqual(['error: TypeError']);
    });
  });

  describe('L1 release is awaited', () => {
    test('a second subscription waits until the port is free', async () => {
      const first = await serving();
      const peer = rawPeer(first.port, hello, frameOf('a'));
      await first.messages.until(has('a'));
      const { port } = first;
      const told = recorder<string>();
      const server$ = socketServer({
        port,
        notices: { next: n => told.next(n.type) },
        listening: { next: () => told.next('listening') },
      });
      first.subscription.unsubscribe();
      await released(first);
      await peer.ended;
      const one = server$.subscribe();
      await told.until(seen => seen.includes('listening'));
      const two = server$.subscribe();
      const three = server$.subscribe();
      two.unsubscribe(); // gone while it waited: the third still waits for the first
      one.unsubscribe();
      await told.until(seen => seen.filter(type => type === 'listening').length === 2);
      three.unsubscribe();
      await told.until(seen => seen.filter(type => type === 'Released').length === 2);
      expect(told.seen).toEqual(['Waiting', 'listening', 'Released', 'Waiting', 'listening', 'Released']);
    });

    test('so that retry does not meet its own port', async () => {
      const { scheduler, advance } = handClock();
      const told = recorder<number>();
      const first = await serving();
      const { port } = first;
      first.subscription.unsubscribe();
      await released(first);
      const errors = recorder<string>();
      const notices = recorder<{ readonly type: string }>();
      const subscription = socketServer({
        port,
        scheduler,
        receiveTimeout: 10,
        maxReceiveTimeouts: 0,
        notices,
        listening: { next: address => told.next(address.port) },
      })
        .pipe(retry(3))
        .subscribe({ error: (error: Error) => errors.next(error.name) });
      for (let round = 1; round <= 4; round++) {
        await told.until(seen => seen.length === round);
        advance(10);
      }
      await errors.until(seen => seen.length === 1);
      expect(errors.seen).toEqual(['ReceiveTimeoutError']);
      expect(told.seen).toEqual([port, port, port, port]);
      await notices.until(seen => seen.filter(({ type }) => type === 'Released').length === 4);
      expect(subscription.closed).toBe(true);
    });
  });

  test('a port in use is an error that names it', async () => {
    const { port } = await serving();
    const errors = recorder<Error>();
    socketServer({ port }).subscribe({ error: errors.next });
    await errors.until(seen => seen.length === 1);
    expect(errors.seen[0]).toMatchObject({
      name: 'ListenError',
      host: '127.0.0.1',
      port,
      cause: { code: 'EADDRINUSE' },
    });
  });

  test('unsubscribing inside next ends it there', async () => {
    const seen: string[] = [];
    const ended = recorder<string>();
    const addresses = recorder<{ readonly port: number }>();
    const subscription = socketServer({
      port: 0,
      listening: addresses,
      notices: { next: ({ type }) => ended.next(type) },
    }).subscribe(message => {
      seen.push(textOf(message));
      subscription.unsubscribe();
    });
    await addresses.until(all => all.length > 0);
    rawPeer(addresses.seen[0]!.port, Buffer.concat([hello, frameOf('a'), frameOf('b')]));
    await ended.until(types => types.includes('Released'));
    expect(seen).toEqual(['a']);
  });

  test.each([-1, 65_536, 1.5, NaN])('refuses the port %p', port => {
    expect(() => socketServer({ port })).toThrow(expect.objectContaining({ name: 'OptionError', option: 'port' }));
  });
  test.each([-1, 1.5, NaN, Infinity])('refuses maxMessageBytes %p', async maxMessageBytes => {
    expect(() => socketServer({ port: 0, maxMessageBytes })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'maxMessageBytes' }),
    );
  });
});
