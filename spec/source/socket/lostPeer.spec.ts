import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, Subject } from 'rxjs';
import { memoryPair, memoryConnection } from '../../../lib/source/socket/memoryConnection.js';
import { serve } from '../../../lib/source/socket/serve.js';
import type { Connection } from '../../../lib/source/socket/Connection.js';
import { has } from './has.js';
import { frameOf, hello, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';

/** A server, and peers in memory. Each peer can be lost: then it acknowledges nothing any more. */
const serving = (pause$ = new BehaviorSubject(false)) => {
  const accepted$ = new Subject<Connection>();
  const seen = recorder<string>();
  const subscription = serve({ pause$ }, notice => {
    if (notice.type === 'PeerRejected') seen.next(`${notice.peer}: ${notice.error.name}`);
  })(accepted$, () => 'here').subscribe(message => seen.next(textOf(message)));
  const dial = (name: string, ...first: readonly Uint8Array[]) => {
    const [ours, theirs] = memoryPair();
    const greeted = recorder<number>();
    const closed = new Promise<void>(resolve => ours.once('close', resolve));
    ours.on('data', (chunk: Uint8Array) => greeted.next(chunk.length));
    for (const bytes of first) ours.write(bytes);
    const peer = { stream: ours, greeted, closed, lost: false };
    accepted$.next({ ...memoryConnection(theirs, name), isUnanswered: () => Promise.resolve(peer.lost) });
    return peer;
  };
  return { seen, subscription, dial };
};

describe('N2b a peer that has acknowledged nothing for a while', () => {
  test('makes room for one that greets, after its own messages were emitted', async () => {
    const { seen, subscription, dial } = serving();
    const first = dial('first', hello, frameOf('1'));
    await seen.until(has('1'));
    dial('too soon', hello, frameOf('no'));
    await seen.until(has('1', 'too soon: PeerBusyError'));
    first.lost = true;
    const second = dial('second', hello, frameOf('2'));
    await seen.until(has('1', 'too soon: PeerBusyError', 'first: PeerLostError', '2'));
    second.stream.write(frameOf('3'));
    await seen.until(all => all.at(-1) === '3');
    await first.closed;
    subscription.unsubscribe();
  });

  test('stays while no other peer greets', async () => {
    const { seen, subscription, dial } = serving();
    const first = dial('first', hello, frameOf('1'));
    await seen.until(has('1'));
    first.lost = true;
    const silent = dial('silent');
    await silent.greeted.until(all => all.length > 0);
    first.stream.write(frameOf('2'));
    await seen.until(has('1', '2'));
    first.lost = false; // it is there again
    silent.stream.write(hello);
    await silent.closed;
    expect(seen.seen).toEqual(['1', '2', 'silent: PeerBusyError']);
    subscription.unsubscribe();
  });

  test('stays during a pause, because its messages are not emitted yet; another client is not greeted', async () => {
    const pause$ = new BehaviorSubject(false);
    const { seen, subscription, dial } = serving(pause$);
    const first = dial('first', hello, frameOf('1'));
    await seen.until(has('1'));
    pause$.next(true);
    first.lost = true;
    first.stream.write(frameOf('2'));
    const second = dial('second', hello, frameOf('no'));
    await second.closed;
    expect(second.greeted.seen).toEqual([]);
    pause$.next(false);
    await seen.until(has('1', 'second: PeerBusyError', '2'));
    subscription.unsubscribe();
  });
});
