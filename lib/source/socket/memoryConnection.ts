import { Duplex } from 'node:stream';
import { type Connection, streamOptions } from './Connection.js';

/** One end of a connection in memory. */
export const memoryConnection = (stream: Duplex, peer: string): Connection => ({
  peer,
  host: 'this process',
  stream,
  reset: () => void stream.destroy(new Error('the connection was reset')),
  isUnanswered: () => Promise.resolve(false),
});

/** Two streams, each of which reads what is written to the other. Their buffers have the same size as for TCP. */
export const memoryPair = (): readonly [Duplex, Duplex] => {
  const side = (other: () => Duplex): Duplex => {
    // The callback of the current write, called when the other side reads again.
    let written: (() => void) | undefined;
    const stream: Duplex = new Duplex({
      highWaterMark: streamOptions.highWaterMark,
      read: () => void other().emit('asked'),
      write: (chunk: Uint8Array, _encoding, done) => {
        written = done;
        if (other().push(chunk)) settle();
      },
      final: done => {
        other().push(null);
        done();
      },
      destroy: (error, done) => {
        done(error);
        process.nextTick(() => other().destroy(error ?? undefined)); // a reset ends both sides
      },
    });
    const settle = () => {
      const done = written;
      written = undefined;
      done?.();
    };
    // reported elsewhere; without a listener it would end the process
    return stream.on('asked', settle).on('error', () => {});
  };
  const left: Duplex = side(() => right);
  const right: Duplex = side(() => left);
  return [left, right];
};
