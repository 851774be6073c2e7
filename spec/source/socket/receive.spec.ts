import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject } from 'rxjs';
import { memoryPair } from '../../../lib/source/socket/memoryConnection.js';
import { receive } from '../../../lib/source/socket/receive.js';
import { frameOf, textOf } from './rawPeer.js';
import { recorder } from './recorder.js';

const receiving = (paused$: BehaviorSubject<boolean>, onMessage: (text: string) => void = () => {}) => {
  const [stream, other] = memoryPair();
  const seen = recorder<string>();
  const closed = recorder<string>();
  stream.on('error', () => {}).on('close', () => closed.next('closed'));
  const subscription = receive(
    { peer: 'x', stream },
    {
      maxMessageBytes: 100,
      paused$,
      next: message => {
        seen.next(textOf(message));
        onMessage(textOf(message));
      },
    },
  ).subscribe({ error: (error: Error) => seen.next(error.name), complete: () => seen.next('complete') });
  return { stream, other, seen, closed, subscription };
};

describe('receive', () => {
  test('N6 an end during a pause is reported after the messages before it', async () => {
    const paused$ = new BehaviorSubject(false);
    const { stream, other, seen, closed } = receiving(paused$, text => {
      if (text === 'a') paused$.next(true);
    });
    other.write(Buffer.concat(['a', 'b', 'c'].map(frameOf)));
    await seen.until(all => all.length > 0);
    stream.destroy(new Error('reset'));
    await closed.until(all => all.length > 0);
    expect(seen.seen).toEqual(['a']);
    paused$.next(false);
    expect(seen.seen).toEqual(['a', 'b', 'c', 'PeerLostError']);
  });

  test('N6 a level that toggles inside next does not deepen the stack', async () => {
    const paused$ = new BehaviorSubject(false);
    let count = 0;
    let deepest = 0;
    const { other, seen, subscription, stream } = receiving(paused$, () => {
      count++;
      deepest = Math.max(deepest, count);
      paused$.next(true);
      paused$.next(false);
      count--;
    });
    other.write(Buffer.concat(Array.from({ length: 1000 }, () => frameOf('x'))));
    await seen.until(all => all.length === 1000);
    expect(deepest).toBe(1);
    subscription.unsubscribe();
    stream.destroy();
  });
});
