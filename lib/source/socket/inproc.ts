import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';
import { awaitRelease } from './awaitRelease.js';
import { dial, type DialOptions } from './dial.js';
import { ListenError } from './ListenError.js';
import { memoryPair } from './memoryPair.js';
import { serve, type ServeOptions } from './serve.js';
import type { Wire } from './Wire.js';

/** Both ends of a pair in one process. */
export interface Inproc {
  /** As `socketServer`, but for the port. */
  readonly server: (options?: ServeOptions) => Observable<Uint8Array>;
  /** As `socketClient`, but for the address. */
  readonly client: (options?: DialOptions) => Observable<Uint8Array>;
}

/**
 * `socketServer` and `socketClient` without a network, for tests and programs in one process: the same greeting, frames,
 * brakes, bounds and errors, over a stream in memory.
 *
 * ```ts
 * const { server, client } = inproc();
 * server().subscribe(message => store(message));
 * client({ messages$ }).subscribe();
 * ```
 */
export const inproc = (): Inproc => {
  let accepting$: Subject<Wire> | undefined;
  return {
    server: (options = {}) => {
      const served = serve(options);
      return awaitRelease((subscriber, released) => {
        if (accepting$ !== undefined) {
          subscriber.error(new ListenError('inproc', 0, new Error('another server listens')));
          return released;
        }
        const accepted$ = new Subject<Wire>();
        accepting$ = accepted$;
        subscriber.add(served(accepted$, () => 'inproc').subscribe(subscriber));
        return () => {
          accepting$ = undefined;
          released();
        };
      });
    },
    client: (options = {}) =>
      dial(options)(() => {
        const [ours, theirs] = memoryPair();
        if (accepting$ === undefined) ours.destroy(new Error('nobody listens'));
        else accepting$.next({ peer: 'inproc client', stream: theirs });
        return { peer: 'inproc server', stream: ours };
      }, 'inproc'),
  };
};
