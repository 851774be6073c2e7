import { afterEach, describe, expect, test } from '@jest/globals';
import { BehaviorSubject } from 'rxjs';
import { handClock } from './handClock.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer } from './rawPeer.js';
import { closeAll, serving } from './serving.js';

describe('socketServer', () => {
  afterEach(closeAll);

  describe('N3 deadlines', () => {
    test('N3a a peer that does not greet within 10 s is closed', async () => {
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
          message: expect.stringContaining(' sent no greeting within 10000 ms'),
        },
      });
    });

    test('N3b one that has greeted may be silent forever', async () => {
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

    test('N3b more than three receive timeouts in a row are an error, and a message resets the count', async () => {
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

    test('this holds without any peer, and with maxReceiveTimeouts: 0 at the first timeout', async () => {
      const { scheduler, advance } = handClock();
      const { messages } = await serving({ scheduler, receiveTimeout: 100, maxReceiveTimeouts: 0 });
      advance(99);
      expect(messages.seen).toEqual([]);
      advance(1);
      expect(messages.seen).toEqual(['error: ReceiveTimeoutError']);
    });

    test('the time of a pause does not count', async () => {
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
});
