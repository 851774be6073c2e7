import type { Config } from 'rx-event-broker/node';

/** In events, at least 1: what a branch may hold before the disk buffer or, without one, the core or the files are told to wait. */
export const branchBuffer = (config: Config): number => {
  const { fileEventSourceConfig, bufferedEventSourceConfig, useEventFile, useBufferedEventSource } = config;
  const { socketServerInboundBufferSize, socketServerOutboundBufferSize } = config;
  if (useEventFile) return Math.max(1, fileEventSourceConfig.sendChannelBufferSize);
  if (useBufferedEventSource) return Math.max(1, bufferedEventSourceConfig.sendChannelBufferSize);
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, socketServerInboundBufferSize + socketServerOutboundBufferSize));
};
