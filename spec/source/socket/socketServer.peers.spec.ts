import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { encodeFrame } from '../../../lib/source/socket/frame.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer, textOf } from './rawPeer.js';
import { closeAll, serving } from './serving.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('socketServer', () => {
  afterEach(closeAll);

  describe('N1a N1c closes a faulty connection, reports why, and keeps running', () => {
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

    test('a peer that disconnects in the middle of the greeting, or of a message', async () => {
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

    test.each([
      ['gives an error', () => new TypeError('no event\n\u001b[2J')],
      [
        'throws',
        () => {
          throw new TypeError('no event\n\u001b[2J');
        },
      ],
    ])('a message for which validate %s: it goes no further, and what came before it stays', async (_, refuse) => {
      const validate = (message: Uint8Array) => (textOf(message) === 'bad' ? refuse() : undefined);
      const { port, messages, notices } = await serving({ validate });
      const bad = rawPeer(port, hello, frameOf('a'), frameOf('bad'), frameOf('b'));
      await bad.ended;
      await notices.until(seen => seen.length === 3);
      const good = rawPeer(port, hello, frameOf('good'));
      await messages.until(has('a', 'good'));
      good.socket.destroy();
      expect(notices.seen.map(({ type }) => type).slice(0, 3)).toEqual(['Waiting', 'PeerRejected', 'Waiting']);
      expect(notices.seen[1]).toMatchObject({ error: { name: 'MessageRefusedError', bytes: 3 } });
      const { error } = notices.seen[1] as { readonly error: Error };
      expect(error.cause).toBeInstanceOf(TypeError);
      expect(error.message).toContain('no event\\n\\u001b[2J');
    });

    test('disconnect$ ends the current connection with its error, and no other', async () => {
      const disconnect$ = new Subject<Error>();
      const { port, messages, notices } = await serving({ disconnect$ });
      disconnect$.next(new Error('nobody is there'));
      const first = rawPeer(port, hello, frameOf('1'));
      await messages.until(has('1'));
      disconnect$.next(new RangeError('begin anew'));
      await first.ended;
      const second = rawPeer(port, hello, frameOf('2'));
      await messages.until(has('1', '2'));
      second.socket.destroy();
      expect(notices.seen.flatMap(n => (n.type === 'PeerRejected' ? [n.error.message] : []))).toEqual(['begin anew']);
    });

    test('a faulty peer is reset, so that it knows that not everything was accepted', async () => {
      const { port } = await serving({ maxMessageBytes: 10 });
      const bad = rawPeer(port, hello, encodeFrame(new Uint8Array(11)));
      const error = await new Promise<NodeJS.ErrnoException>(resolve => bad.socket.once('error', resolve));
      expect(error.code).toBe('ECONNRESET');
    });

    test('any random bytes, before the greeting and after it', async () => {
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

    test('no other peer is affected', async () => {
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

  describe('N2a one peer at a time', () => {
    test('a second one is closed, not greeted; it may connect when the first has disconnected', async () => {
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

    test('two that greet at the same instant: one of them', async () => {
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

    test('silent connections keep no peer out: at most 64 wait, and the oldest one makes room', async () => {
      const { port, messages, rejected } = await serving();
      const oldest = rawPeer(port);
      await oldest.has(8);
      const silent = Array.from({ length: 63 }, () => rawPeer(port));
      await Promise.all(silent.map(peer => peer.has(8)));
      expect(rejected()).toEqual([]);
      const good = rawPeer(port, hello, frameOf('in'));
      await messages.until(has('in'));
      await oldest.ended;
      expect(rejected()).toEqual(['PeerBusyError']);
      for (const { socket } of [good, ...silent]) socket.destroy();
    });

    test('silent connections that reconnect after each close keep no peer out', async () => {
      const { port, messages } = await serving();
      let over = false;
      const silent = async (): Promise<void> => {
        while (!over) {
          const peer = rawPeer(port);
          stop.push(() => peer.socket.destroy());
          await peer.ended;
        }
      };
      const stop: (() => void)[] = [];
      const all = Array.from({ length: 100 }, silent);
      for (let dials = 1; messages.seen.length === 0; dials++) {
        const good = rawPeer(port, hello, frameOf('in'));
        await Promise.race([good.ended, messages.until(has('in'))]);
        expect(dials).toBeLessThan(100);
        stop.push(() => good.socket.destroy());
      }
      over = true;
      for (const destroy of stop) destroy();
      await Promise.all(all);
    });

    test('a peer that is killed and restarted', async () => {
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
});
