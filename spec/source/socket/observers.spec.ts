import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { NEVER } from 'rxjs';
import { Subject } from 'rxjs';
import { inproc } from '../../../lib/source/socket/inproc.js';
import { socketClient } from '../../../lib/source/socket/socketClient.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';
import { has } from './has.js';
import { frameOf, hello, rawPeer, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';

const throwing = (told: (type: string) => void = () => undefined) => ({
  next: ({ type }: { readonly type: string }): void => {
    told(type);
    throw new Error('an observer of mine');
  },
});

describe('observers that throw', () => {
  let written: unknown[][] = [];
  beforeEach(() => {
    written = [];
    jest.spyOn(console, 'error').mockImplementation((...args: unknown[]) => void written.push(args));
  });
  afterEach(() => void jest.restoreAllMocks());

  test('L1a a server continues, and its port is released', async () => {
    const messages = recorder<string>();
    const told = recorder<string>();
    const ports = recorder<number>();
    const server$ = socketServer({
      port: 0,
      notices: throwing(told.next),
      listening: {
        next: ({ port }) => {
          ports.next(port);
          throw new Error('an observer of mine');
        },
      },
    });
    const first = server$.subscribe(message => messages.next(textOf(message)));
    await ports.until(seen => seen.length === 1);
    const bad = rawPeer(ports.seen[0]!, frameOf('no greeting'));
    await bad.ended;
    const good = rawPeer(ports.seen[0]!, hello, frameOf('a'));
    await messages.until(has('a'));
    good.socket.destroy();
    const second = server$.subscribe();
    first.unsubscribe();
    await ports.until(seen => seen.length === 2);
    second.unsubscribe();
    await told.until(seen => seen.filter(type => type === 'Released').length === 2);
    // notices once, though all of them throw; listening each time
    expect(written.map(([what]) => String(what).replace(/ at .*/, ''))).toEqual([
      'rx-event-broker: an observer of notices threw',
      'rx-event-broker: an observer of listening threw',
      'rx-event-broker: an observer of listening threw',
    ]);
  });

  test('N4 a client keeps dialling, and is released', async () => {
    const told = recorder<string>();
    const client = socketClient({ host: '127.0.0.1', port: 1, dialRetryInterval: 1, notices: throwing(told.next) });
    const dialling = client.subscribe();
    await told.until(has('PeerRejected', 'PeerRejected'));
    dialling.unsubscribe();
    await told.until(seen => seen.at(-1) === 'Released');
    expect(written.length).toBe(1);
  });

  test('inproc, too', async () => {
    const { server, client } = inproc();
    const messages = recorder<string>();
    const disconnect$ = new Subject<Error>();
    const serving = server({ notices: throwing(), disconnect$ }).subscribe(m => messages.next(textOf(m)));
    const messages$ = new Subject<Uint8Array>();
    const errors = recorder<string>();
    const dialling = client({ messages$, notices: throwing(errors.next), dialRetryInterval: 0 }).subscribe();
    messages$.next(new TextEncoder().encode('a'));
    await messages.until(has('a'));
    disconnect$.next(new Error('again'));
    await errors.until(seen => seen.length > 0);
    messages$.next(new TextEncoder().encode('b'));
    await messages.until(has('a', 'b'));
    dialling.unsubscribe();
    serving.unsubscribe();
  });

  test('a source of messages that throws when it is called is an error', () => {
    const errors: string[] = [];
    const messages$ = (): typeof NEVER => {
      throw new RangeError('no messages');
    };
    socketClient({ host: '127.0.0.1', port: 1, messages$ }).subscribe({ error: (e: Error) => errors.push(e.name) });
    expect(errors).toEqual(['RangeError']);
  });
});
