import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';
import { checkOptions } from '../../flow/contract/options.js';
import { leased } from '../../flow/lease.js';
import { notifier } from '../../flow/reporter.js';
import { dial, dialChecks, type DialOptions } from './dial.js';
import { ListenError } from './errors.js';
import { memoryPair, memoryConnection } from './memoryConnection.js';
import { serve, serveChecks, type ServeOptions } from './serve.js';
import type { Connection } from './Connection.js';

/** A server and a client that are connected to each other, in one process. */
export interface Inproc {
  /** The server: `socketServer` without an address. */
  readonly server: (options?: ServeOptions) => Observable<Uint8Array>;
  /** The client: `socketClient` without an address. */
  readonly client: (options?: DialOptions) => Observable<Uint8Array>;
}

/**
 * Creates a `socketServer` and a `socketClient` without a network, for tests and programs in one process. They use the
 * same greeting, frames, pauses, bounds and errors, over a stream in memory.
 *
 * @example
 * ```ts
 * const { server, client } = inproc();
 * server().subscribe(message => store(message));
 * client({ messages$ }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/socket.md
 */
export const inproc = (): Inproc => {
  let accepting$: Subject<Connection> | undefined;
  return {
    server: (options = {}) => {
      checkOptions('inproc().server', options, serveChecks);
      const served = serve(options, notifier(options.notices));
      return leased({}, (subscriber, end) => {
        if (accepting$ !== undefined) {
          subscriber.error(new ListenError('inproc', 0, new Error('another server listens')));
          return end;
        }
        const accepted$ = new Subject<Connection>();
        accepting$ = accepted$;
        subscriber.add(served(accepted$, () => 'inproc').subscribe(subscriber));
        return () => {
          accepting$ = undefined;
          end();
        };
      });
    },
    client: (options = {}) => {
      checkOptions('inproc().client', options, dialChecks);
      return dial(options, notifier(options.notices))(() => {
        const [ours, theirs] = memoryPair();
        if (accepting$ === undefined) ours.destroy(new Error('no server listens'));
        else accepting$.next(memoryConnection(theirs, 'inproc client'));
        return memoryConnection(ours, 'inproc server');
      }, 'inproc');
    },
  };
};
