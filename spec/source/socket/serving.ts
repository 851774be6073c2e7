import type { Observable, Subscription } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { socketServer, type SocketServerOptions } from '../../../lib/source/socket/socketServer.js';
import { recorder, type Recorder } from './recorder.js';
import { textOf } from './rawPeer.js';

/** A server that is listening, or has failed, and what came of it, as text: messages, `error: name`, `complete`; notices apart. */
export interface Serving {
  readonly port: number;
  readonly host: string;
  readonly server$: Observable<Uint8Array>;
  readonly subscription: Subscription;
  readonly messages: Recorder<string>;
  readonly notices: Recorder<Notice>;
  /** The names of the errors for which peers were rejected. */
  readonly rejected: () => string[];
}

const open = new Set<Serving>();

export const serving = async (options: Partial<SocketServerOptions> = {}): Promise<Serving> => {
  const notices = recorder<Notice>();
  const messages = recorder<string>();
  const addresses = recorder<{ readonly host: string; readonly port: number }>();
  const server$ = socketServer({ port: 0, notices, listening: addresses, ...options });
  const subscription = server$.subscribe({
    next: message => messages.next(textOf(message)),
    error: (error: Error) => messages.next(`error: ${error.name}`),
    complete: () => messages.next('complete'),
  });
  await Promise.race([addresses.until(seen => seen.length > 0), messages.until(seen => seen.length > 0)]);
  const rejected = () => notices.seen.flatMap(n => (n.type === 'PeerRejected' ? [n.error.name] : []));
  const server = {
    ...(addresses.seen[0] ?? { host: '', port: 0 }),
    server$,
    subscription,
    messages,
    notices,
    rejected,
  };
  open.add(server);
  return server;
};

export const released = ({ notices }: Pick<Serving, 'notices'>): Promise<void> =>
  notices.until(seen => seen.some(({ type }) => type === 'Released'));

/** Closes what the test has left open, and waits until it is. */
export const closeAll = async (): Promise<void> => {
  for (const server of open) {
    server.subscription.unsubscribe();
    await released(server);
  }
  open.clear();
};
