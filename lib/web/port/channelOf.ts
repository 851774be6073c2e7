import type { PortLike } from './PortLike.js';

/** A channel of a port. */
interface Channel {
  /** The sink that uses it. */
  sink?: object | undefined;
}

const channels = new WeakMap<PortLike, Map<string, Channel>>();

/** The same object for the same channel of a port: its source takes a lease of it, its sink holds it. */
export const channelOf = (port: PortLike, name: string): Channel => {
  const byName = channels.get(port) ?? new Map<string, Channel>();
  channels.set(port, byName);
  const channel = byName.get(name) ?? {};
  byName.set(name, channel);
  return channel;
};
