import { afterEach, describe, expect, test } from '@jest/globals';
import { BehaviorSubject, Subject, concat, of, throwError } from 'rxjs';
import { encodeFrame } from '../../../lib/source/socket/frame.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer, someRoundTrips, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';
import { closeAll, serving } from './serving.js';

describe('socketServer', () => {
  afterEach(closeAll);

  describe('N6 pause', () => {
    test('N6a nothing is emitted while paused, not even from the same chunk; the rest comes after that', async () => {
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

    test('a peer that disconnects during a pause: its messages come first', async () => {
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

    test('N6a the peer comes to a halt: 64 MiB do not fit anywhere', async () => {
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
});
