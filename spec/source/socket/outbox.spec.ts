import { memoryConnection, memoryPair } from '../../../lib/source/socket/memoryConnection.js';
import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { outbox } from '../../../lib/source/socket/outbox.js';

const highWaterMark = 65_536;
const frame = 8 + 1000;

describe('outbox', () => {
  test('N6 takes no more than the stream holds: its high-water mark, and the message that exceeds it', () => {
    const [stream] = memoryPair(); // nobody reads the other side
    let asked = 0;
    const messages = function* () {
      for (;;) {
        asked++;
        yield new Uint8Array(1000);
      }
    };
    const sent = outbox(pause$ => fromPull(messages, { pause$ }), 1e9);
    const pumping = sent.pump$.subscribe();
    expect(asked).toBe(0);
    const sending = sent.to(memoryConnection(stream, 'x')).subscribe();
    expect(asked).toBe(Math.ceil(highWaterMark / frame));
    expect(stream.writableLength).toBe(asked * frame);
    sending.unsubscribe();
    pumping.unsubscribe();
    stream.destroy();
  });

  test('a source that cannot be paused fills the stream, then the bound, then errors', () => {
    const [stream] = memoryPair();
    const source = new Subject<Uint8Array>();
    const sent = outbox(source, 10 * frame);
    const errors: string[] = [];
    const pumping = sent.pump$.subscribe({ error: (error: Error) => errors.push(error.name) });
    const sending = sent.to(memoryConnection(stream, 'x')).subscribe();
    const inStream = Math.ceil(highWaterMark / frame);
    for (let i = 0; i < inStream + 11; i++) source.next(new Uint8Array(1000));
    expect([stream.writableLength, errors]).toEqual([inStream * frame, []]);
    source.next(new Uint8Array(1000));
    expect([stream.writableLength, errors]).toEqual([inStream * frame, ['SendBufferFullError']]);
    sending.unsubscribe();
    pumping.unsubscribe();
    stream.destroy();
  });
});
