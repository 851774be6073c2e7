import { afterEach, describe, expect, test } from '@jest/globals';
import { retry } from 'rxjs';
import { encodeFrame } from '../../../lib/source/socket/frame.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';
import { handClock } from './handClock.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';
import { closeAll, released, serving } from './serving.js';

describe('socketServer', () => {
  afterEach(closeAll);

  test('greets immediately, and emits messages in order, empty ones too', async () => {
    const { port, messages } = await serving();
    const peer = rawPeer(port);
    await peer.has(8);
    expect(peer.bytes()).toEqual([...hello]);
    peer.socket.write(Buffer.concat([hello, frameOf('a'), frameOf(''), frameOf('b')]));
    await messages.until(has('a', '', 'b'));
    peer.socket.destroy();
    expect(messages.seen).toEqual(['a', '', 'b']);
  });

  test('accepts bytes that are split at any place', async () => {
    const { port, messages } = await serving();
    const peer = rawPeer(port);
    for (const byte of Buffer.concat([hello, frameOf('hello'), frameOf(''), frameOf('world')])) {
      // each byte is a packet of its own: the next is written when this one has left
      await new Promise(resolve => peer.socket.write(Uint8Array.of(byte), resolve));
    }
    await messages.until(has('hello', '', 'world'));
    peer.socket.destroy();
  });

  test('accepts a message of exactly maxMessageBytes', async () => {
    const { port, messages, rejected } = await serving({ maxMessageBytes: 3_000_000 });
    const peer = rawPeer(port, hello, encodeFrame(new Uint8Array(3_000_000).fill(97)), frameOf('next'));
    await messages.until(seen => seen.length === 2);
    expect(messages.seen[0]).toBe('a'.repeat(3_000_000));
    expect(rejected()).toEqual([]);
    peer.socket.destroy();
  });

  test('N7a listens on 127.0.0.1 by default', async () => {
    expect((await serving()).host).toBe('127.0.0.1');
    expect((await serving({ host: '0.0.0.0' })).host).toBe('0.0.0.0');
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

  test.each([-1, 65_536, 1.5, NaN])('rejects the port %p', port => {
    expect(() => socketServer({ port })).toThrow(expect.objectContaining({ name: 'OptionError', option: 'port' }));
  });
  test.each([-1, 1.5, NaN, Infinity])('rejects maxMessageBytes %p', async maxMessageBytes => {
    expect(() => socketServer({ port: 0, maxMessageBytes })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'maxMessageBytes' }),
    );
  });
});
