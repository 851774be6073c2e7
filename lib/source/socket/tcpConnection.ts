import type { Socket } from 'node:net';
import { isUnanswered } from './isUnanswered.js';
import type { Connection } from './Connection.js';

/** A TCP connection. A socket whose peer is gone already has no address left. */
export const tcpConnection = (stream: Socket, peer: string): Connection => ({
  peer,
  host: stream.remoteAddress ?? 'gone',
  stream,
  reset: () => void stream.resetAndDestroy(),
  isUnanswered: () => isUnanswered(stream),
});
