import type { PortLike } from './PortLike.js';

interface Channel {
  /** The sink that uses it. */
  sink?: object | undefined;
}

const channels = new WeakMap<PortLike, Map<string, Channel>>();

/** Returns one object for each channel of a port. Its source takes a lease on the object, and its sink is stored in it. */
export const channelOf = (port: PortLike, name: string): Channel => {
  const byName = channels.get(port) ?? new Map<string, Channel>();
  channels.set(port, byName);
  const channel = byName.get(name) ?? {};
  byName.set(name, channel);
  return channel;
};
