import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObservable, Observable } from 'rxjs';
import type { EventBroker } from '../broker/Broker.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import { aFunction, checkOptions, count, port as aPort, text } from '../flow/contract/options.js';
import { inspect } from '../inspect/inspect.js';
import type { InspectRecord } from '../inspect/InspectRecord.js';
import { ListenError } from '../source/socket/errors.js';
import { History } from './History.js';
import { PageServer } from './PageServer.js';
import { RecordFeed } from './RecordFeed.js';

/** Nobody outside this computer can connect. */
const HOST = '127.0.0.1';

/**
 * Options of `serveTimeline`.
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export interface ServeTimelineOptions<E> {
  /** The port to listen on. Default: one that is free. */
  readonly port?: number;
  /** What the page is called. Default: `timeline` and the id of the process. */
  readonly title?: string;
  /** How many records a page gets that is opened later. Default 20,000, at least 1. */
  readonly limit?: number;
  /** The key of an event, which its records have as text. Only with a broker. */
  readonly keyOf?: (event: E) => unknown;
}

/**
 * Serves the timeline of a broker on this computer, as a page that follows it: who is stalled, since when, and who waits for whom.
 * Emits the address of the page. It has a random token: whoever does not know it gets nothing. Unsubscribing closes the server and
 * the inspection. It does not complete by itself, so that the page of a broker that has closed can still be looked at.
 *
 * A page that is slow, or closed, never slows the broker down: it misses records, and begins again.
 *
 * Throws `OptionError` for an invalid option. Errors with `ListenError` if the port cannot be had.
 *
 * @param source - A broker, or records, such as a Subject that was given to `inspector`: then errors of it are errors of this.
 * @param options - The port, the title, and how many records are kept.
 * @example
 * ```ts
 * const served = serveTimeline(broker).subscribe(url => {
 *   console.log(`Open ${url} in a browser`);
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export const serveTimeline = <E extends AnyEvent>(
  source: EventBroker<E> | Observable<InspectRecord>,
  options: ServeTimelineOptions<NoInfer<E>> = {},
): Observable<string> => {
  const {
    port = 0,
    title = `timeline ${process.pid}`,
    limit = 20_000,
    keyOf,
  } = checkOptions('serveTimeline', options, {
    port: aPort,
    title: text,
    limit: count(1),
    keyOf: aFunction,
  });
  return new Observable<string>(subscriber => {
    const history = new History(limit);
    const pages = new PageServer(title, history);
    const feed = new RecordFeed(history, pages);
    const server = createServer((request, response) => pages.answer(request, response));
    server.on('error', error => subscriber.error(new ListenError(HOST, port, error)));
    subscriber.add(() => {
      feed.stop();
      server.close();
      server.closeAllConnections();
    });
    if (isObservable(source)) {
      subscriber.add(
        source.subscribe({ next: record => feed.add(record), error: (error: unknown) => subscriber.error(error) }),
      );
    } else {
      subscriber.add(inspect(source, record => feed.add(record), keyOf === undefined ? {} : { keyOf }));
    }
    if (subscriber.closed) return;
    server.listen(port, HOST, () => {
      const { port: listening } = server.address() as AddressInfo;
      subscriber.next(`http://${HOST}:${listening}/${pages.token}/`);
    });
    // the page of a program that would end does not keep it running
    server.unref();
  });
};
