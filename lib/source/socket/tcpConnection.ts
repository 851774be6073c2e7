import type { Socket } from 'node:net';
import { isUnanswered } from './isUnanswered.js';
import type { Connection } from './Connection.js';

/** A TCP connection. A socket that has already closed has no address, so its host is `gone`. */
export const tcpConnection = (stream: Socket, peer: string): Connection => ({
  peer,
  host: stream.remoteAddress ?? 'gone',
  stream,
  reset: () => void stream.resetAndDestroy(),
  isUnanswered: () => isUnanswered(stream),
});
