import type { Duplex } from 'node:stream';
import type { Wire } from './Wire.js';

/** One end of a connection in memory. */
export const memoryWire = (stream: Duplex, peer: string): Wire => ({
  peer,
  host: 'this process',
  stream,
  reset: () => void stream.destroy(new Error('the connection was reset')),
  isUnanswered: () => Promise.resolve(false),
});
