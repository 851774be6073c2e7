import { shownError } from '../../event/shown.js';
import { StreamConfigError } from './errors.js';
import type { JetStreamDurability } from './JetStreamSourceOptions.js';
import type { StreamInfo } from './StreamInfo.js';

/** How long the monitor port may take, in ms. */
const PATIENCE = 5000;

/**
 * Throws `StreamConfigError` where what is asked for is not proven (promise J9). Returns, in words, which loss the
 * configuration allows, as far as that is known.
 */
export const checkDurability = async (
  stream: string,
  info: StreamInfo,
  asked: JetStreamDurability | undefined,
): Promise<readonly string[]> => {
  const { storage, num_replicas: replicas, persist_mode: persistMode } = info.config;
  const isAsync = persistMode === 'async';
  const { replicas: wanted = 1 } = asked ?? {};
  if (asked?.storage === 'file' && storage !== 'file')
    throw new StreamConfigError(stream, 'storage file', `storage ${storage}`);
  if ((asked?.storage === 'file' || asked?.sync === 'always') && isAsync)
    throw new StreamConfigError(stream, 'a persist_mode other than async', 'persist_mode async');
  if (replicas < wanted) throw new StreamConfigError(stream, `${wanted} replicas or more`, String(replicas));
  if (asked?.sync === 'always') await checkSync(stream, info, asked.monitor);

  const losses: string[] = [];
  if (storage !== 'file') losses.push('a restart of its servers loses messages: its storage is memory');
  else if (isAsync)
    losses.push('a crash of the server loses messages that it has acknowledged: its persist_mode is async');
  else if (asked?.sync !== 'always')
    losses.push('a power failure can lose messages that were acknowledged: it is not proven that they are synced');
  if (replicas === 1 && asked?.replicas === undefined) losses.push('a lost disk loses messages: it has one replica');
  return losses;
};

interface Varz {
  readonly server_name?: string;
  readonly jetstream?: {
    readonly config?: { readonly sync_always?: boolean; readonly sync_interval?: number | string };
  };
}

/** Every server that has a replica must be seen on a monitor port, and must sync always. */
const checkSync = async (
  stream: string,
  { cluster }: StreamInfo,
  monitor: string | readonly string[] = [],
): Promise<void> => {
  const expected = 'sync_interval: always, read from a monitor port';
  const addresses = typeof monitor === 'string' ? [monitor] : monitor;
  const seen = new Set<string>();
  for (const address of addresses) {
    const { server_name: name = '', jetstream } = await varzOf(stream, expected, address);
    const { sync_always: isAlways, sync_interval: interval } = jetstream?.config ?? {};
    if (isAlways !== true && interval !== 'always')
      throw new StreamConfigError(stream, expected, `${interval ?? 'nothing about it'} at ${address}`);
    seen.add(name);
  }
  const names = [cluster?.leader, ...(cluster?.replicas ?? []).map(({ name }) => name)];
  const unseen = cluster?.leader === undefined ? [] : names.filter(name => name !== undefined && !seen.has(name));
  if (unseen.length > 0) throw new StreamConfigError(stream, expected, `no monitor port of ${unseen.join(', ')}`);
};

const varzOf = async (stream: string, expected: string, address: string): Promise<Varz> => {
  try {
    const answer = await fetch(`${address.replace(/\/$/, '')}/varz`, { signal: AbortSignal.timeout(PATIENCE) });
    return (await answer.json()) as Varz;
  } catch (error) {
    throw new StreamConfigError(stream, expected, `no answer at ${address}: ${shownError(error)}`);
  }
};
