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

/** The loopback address, so that other computers cannot connect. */
const HOST = '127.0.0.1';

/**
 * Options of `serveTimeline`.
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export interface ServeTimelineOptions<E> {
  /** The port to listen on. Default: a free one. */
  readonly port?: number;
  /** The title of the page. Default: `timeline` and the process id. */
  readonly title?: string;
  /** How many earlier records a new page gets. Default 20,000, at least 1. */
  readonly limit?: number;
  /** Returns the key of an event, which its records contain as text. Only with a broker. */
  readonly keyOf?: (event: E) => unknown;
}

/**
 * Serves a live timeline of a broker as a web page on this computer. The page shows which subscriber is stalled, since when, and
 * which one waits for which. Emits the URL of the page, which contains a random token. Requests without the token get 404.
 * Unsubscribing closes the server and ends the inspection. The result never completes, so the page remains available after the broker
 * has closed.
 *
 * A slow page never slows the broker down. It misses records, and is reset later.
 *
 * Throws `OptionError` if an option is invalid. Errors with `ListenError` if the port is not available.
 *
 * @param source - A broker, or an Observable of records, such as a Subject that observes an `inspector`. If it errors, the result
 * errors, too.
 * @param options - The port, the title, and how many records are kept. All are optional.
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
    // the server must not keep the process alive
    server.unref();
  });
};
