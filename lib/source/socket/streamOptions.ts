/**
 * Of every TCP stream: no waiting for more bytes before a packet leaves; probes, so that a peer whose machine is gone is
 * lost after half a minute; 64 kB buffers in the process each way. Half open, so that what the other side still has to
 * say after its last request is heard.
 */
export const streamOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
  highWaterMark: 65_536,
} as const;
