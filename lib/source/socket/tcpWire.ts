import type { Socket } from 'node:net';
import { isUnanswered } from './isUnanswered.js';
import type { Wire } from './Wire.js';

/** A TCP connection. A socket whose peer is gone already has no address left. */
export const tcpWire = (stream: Socket, peer: string): Wire => ({
  peer,
  host: stream.remoteAddress ?? 'gone',
  stream,
  reset: () => void stream.resetAndDestroy(),
  isUnanswered: () => isUnanswered(stream),
});
