import { shownError } from '../../event/shown.js';
import { StreamConfigError } from './errors.js';
import type { JetStreamDurability } from './JetStreamSourceOptions.js';
import type { StreamInfo } from './StreamInfo.js';

/** The time limit for a response of the monitor port, in ms. */
const PATIENCE = 5000;

/**
 * Throws `StreamConfigError` if the servers do not prove the durability in `asked` (promise J9: what is rejected at the
 * start). Returns descriptions of the losses that the configuration still allows.
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
  if (storage !== 'file') losses.push('a restart of its servers loses messages: the storage is memory');
  else if (isAsync) losses.push('a crash of the server loses acknowledged messages: persist_mode is async');
  else if (asked?.sync !== 'always')
    losses.push('a power failure can lose acknowledged messages: it is not proven that the server syncs them');
  if (replicas === 1 && asked?.replicas === undefined)
    losses.push('a disk failure loses messages: the stream has one replica');
  return losses;
};

interface Varz {
  readonly server_name?: string;
  readonly jetstream?: {
    readonly config?: { readonly sync_always?: boolean; readonly sync_interval?: number | string };
  };
}

/** Each server with a replica must report `sync_interval: always` on its monitor port. */
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
      throw new StreamConfigError(stream, expected, `${interval ?? 'no sync_interval'} at ${address}`);
    seen.add(name);
  }
  const names = [cluster?.leader, ...(cluster?.replicas ?? []).map(({ name }) => name)];
  const unseen = cluster?.leader === undefined ? [] : names.filter(name => name !== undefined && !seen.has(name));
  if (unseen.length > 0)
    throw new StreamConfigError(stream, expected, `no monitor port of server ${unseen.join(', ')}`);
};

const varzOf = async (stream: string, expected: string, address: string): Promise<Varz> => {
  try {
    const answer = await fetch(`${address.replace(/\/$/, '')}/varz`, { signal: AbortSignal.timeout(PATIENCE) });
    return (await answer.json()) as Varz;
  } catch (error) {
    throw new StreamConfigError(stream, expected, `no response from ${address}: ${shownError(error)}`);
  }
};
