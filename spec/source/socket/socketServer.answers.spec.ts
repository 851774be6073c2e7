import { afterEach, describe, expect, test } from '@jest/globals';
import { Subject, of, throwError } from 'rxjs';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer, someRoundTrips } from './rawPeer.js';
import { closeAll, serving } from './serving.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('socketServer', () => {
  afterEach(closeAll);

  describe('N5 answers', () => {
    test('N5a go to the connected peer, and wait if there is none', async () => {
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

    test('pause a pausable source while no peer reads them', async () => {
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
});
