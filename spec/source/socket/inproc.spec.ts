import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, Subject, from, lastValueFrom, map, toArray, type NextObserver } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { inproc } from '../../../lib/source/socket/inproc.js';
import { handClock } from './handClock.js';
import { textOf } from './rawPeer.js';
import { recorder } from './recorder.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const texts = ['a', '', 'b', 'c'.repeat(200_000), 'd'];

describe('inproc', () => {
  test('carries messages and answers, as sockets do', async () => {
    const { server, client } = inproc();
    const replies$ = new Subject<Uint8Array>();
    const seen: string[] = [];
    const subscription = server({ replies$ }).subscribe(message => {
      seen.push(textOf(message));
      replies$.next(bytesOf(`got ${seen.length}`));
    });
    const answers = await lastValueFrom(client({ messages$: from(texts.map(bytesOf)) }).pipe(map(textOf), toArray()));
    subscription.unsubscribe();
    expect(seen).toEqual(texts);
    expect(answers).toEqual(['got 1', 'got 2', 'got 3', 'got 4', 'got 5']);
  });

  test('N6 a paused server pauses the source of the client, within the two buffers', async () => {
    const { server, client } = inproc();
    const pause$ = new BehaviorSubject(true);
    let asked = 0;
    let received = 0;
    const total = 5000;
    const subscription = server({ pause$ }).subscribe(() => received++);
    const done = recorder<string>();
    client({
      messages$: brake$ =>
        fromPull(
          function* () {
            for (; asked < total; asked++) {
              if (asked === 10) done.next('sending');
              yield new Uint8Array(1000);
            }
          },
          { pause$: brake$ },
        ),
    }).subscribe({ complete: () => done.next('complete') });
    await done.until(seen => seen.includes('sending'));
    for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
    expect(received).toBe(0);
    expect(asked).toBeLessThan(300);
    pause$.next(false);
    await done.until(seen => seen.includes('complete'));
    expect([asked, received]).toEqual([total, total]);
    subscription.unsubscribe();
  });

  test('N4 a client dials until there is a server, and N2 one client at a time', async () => {
    const { scheduler, advance } = handClock();
    const { server, client } = inproc();
    const told = recorder<string>();
    const notices: NextObserver<Notice> = { next: n => told.next('error' in n ? (n.error as Error).name : n.type) };
    const first = client({ scheduler, notices }).subscribe();
    await told.until(seen => seen.length === 1);
    const listening = recorder<string>();
    const serving = server({
      replies$: new BehaviorSubject(bytesOf('welcome')),
      notices: { next: n => listening.next(n.type) },
    }).subscribe();
    advance(5000);
    const second = client({ scheduler, notices }).subscribe();
    await listening.until(seen => seen.includes('PeerRejected'));
    await told.until(seen => seen.length === 2);
    expect(told.seen).toEqual(['PeerLostError', 'PeerLostError']);
    for (const subscription of [first, second, serving]) subscription.unsubscribe();
  });

  test('one server at a time; its name is free again when it has stopped', () => {
    const { server } = inproc();
    const errors: string[] = [];
    const first = server().subscribe();
    server().subscribe({ error: (error: Error) => errors.push(error.name) });
    expect(errors).toEqual(['ListenError']);
    first.unsubscribe();
    const third = server().subscribe({ error: (error: Error) => errors.push(error.name) });
    expect(errors).toEqual(['ListenError']);
    third.unsubscribe();
  });
});
