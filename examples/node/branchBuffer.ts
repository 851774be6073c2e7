import type { Config } from 'rx-event-broker/node';

/** How many events a branch may hold, at least 1. Above it, the disk buffer is paused or, without one, the core or the files. */
export const branchBuffer = (config: Config): number => {
  const { fileEventSourceConfig, bufferedEventSourceConfig, useEventFile, useBufferedEventSource } = config;
  const { socketServerInboundBufferSize, socketServerOutboundBufferSize } = config;
  if (config.useJetStream) return Math.max(1, config.jetStreamSourceConfig.sendChannelBufferSize);
  if (useEventFile) return Math.max(1, fileEventSourceConfig.sendChannelBufferSize);
  if (useBufferedEventSource) return Math.max(1, bufferedEventSourceConfig.sendChannelBufferSize);
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, socketServerInboundBufferSize + socketServerOutboundBufferSize));
};
