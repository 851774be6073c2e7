import type { Subscriber } from '../../broker/Subscriber.js';
import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { checkOption, checkOptions, milliseconds, type Check } from '../../flow/contract/options.js';
import { CLIENT_OPTIONS, type ClientOptions } from '../client/ClientOptions.js';
import type { ClientLink } from '../client/ClientLink.js';
import { clientSubscriber, hadId } from '../client/clientSubscriber.js';
import { encodedText } from '../client/encodedText.js';
import { lastEventId, type SseRequest } from './lastEventId.js';
import { nodeLink } from './nodeLink.js';
import type { NodeResponse } from './NodeResponse.js';
import { sseFrame } from './sseFrame.js';
import { fetchLink, type FetchResponse } from './sseResponse.js';

/**
 * Options of `sseSubscriber`.
 * @see node_modules/rx-event-broker/docs/web.md#options
 */
export type SseOptions<E extends AnyEvent, T> = ClientOptions<E, T> & {
  /** The request, for its header `Last-Event-ID`. Default: none; `lastEventId` goes before it. */
  readonly request?: SseRequest;
  /** The data of an event, in any number of lines. One for which it throws is told as a gap. Default: JSON. */
  readonly encode?: (event: NoInfer<EventOf<E, T>>) => string;
  /** Milliseconds after which a client that was disconnected connects again: the field `retry`. Default: the browser's. */
  readonly reconnectAfter?: number;
};

const hasMethods = (value: object, ...methods: readonly string[]): boolean =>
  methods.every(method => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function');

const response: Check = {
  expected: 'a response of node:http, or what sseResponse() returns',
  allows: value =>
    typeof value === 'object' &&
    value !== null &&
    (fetchLink(value) !== undefined || hasMethods(value, 'write', 'end', 'on', 'setHeader')),
  needed: true,
};

const request: Check = {
  expected: 'a request with headers',
  allows: value => {
    const headers: unknown = (value as Partial<SseRequest> | null)?.headers;
    return typeof headers === 'object' && headers !== null;
  },
};

/** A browser reads digits, and nothing else. */
const someDelay: Check = {
  expected: `milliseconds, from 0 to ${Number.MAX_SAFE_INTEGER}`,
  allows: value => milliseconds.allows(value) && (value as number) <= Number.MAX_SAFE_INTEGER,
};

/**
 * An optional subscriber that sends its events to a browser, as Server-Sent Events. A slow browser has a bound, drops, and is
 * told what it missed; nobody waits for it.
 *
 *     sent          a-b-c-d-e-f------g
 *     browser       a-b-----------e-f-g     its connection is full after b; capacity 2, dropOldest
 *     told          ------------m           missed: 2, from c to d
 *
 * The `event` of each is its type, so a page listens with `addEventListener('Price', …)`. A gap is an event of its own,
 * `missed`, with the JSON of `Missed`. A client that leaves closes the subscriber. Closing the subscriber, and the end of
 * `drain()`, end the response after what was sent. A `HEAD` is answered with the headers.
 *
 * Bytes count by `sizeOf` of the broker. Throws `OptionError`, also for a response that has ended.
 *
 * @param to - A response of `node:http` or `node:http2`, or what `sseResponse()` returns.
 * @param options - How to buffer, to encode, to come back. All optional.
 * @example
 * ```ts
 * createServer((request, response) => {
 *   broker.subscribe(
 *     sseSubscriber(response, { request, types: ['Price'], capacity: 500 }),
 *   );
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/web.md
 */
export const sseSubscriber = <E extends AnyEvent, const T extends E['type'] | All = All>(
  to: NodeResponse | FetchResponse,
  options: SseOptions<E, T> = {},
): Subscriber<E, T> => {
  checkOption('response', to, response);
  const read = checkOptions('sseSubscriber', options, {
    ...CLIENT_OPTIONS,
    request,
    encode: CLIENT_OPTIONS['encode']!,
    reconnectAfter: someDelay,
  });
  const { idOf, missedType = 'missed', reconnectAfter } = read;
  const id = hadId(read.lastEventId) ?? (read.request === undefined ? undefined : lastEventId(read.request));
  // what is sent at once shows that there is a connection
  const greeting = reconnectAfter === undefined ? ':\n\n' : `retry: ${Math.round(reconnectAfter)}\n\n`;
  const isHead = [read.request, (to as NodeResponse).req].some(asked => asked?.method === 'HEAD');
  const body = fetchLink(to)?.(greeting) ?? nodeLink(to as NodeResponse, isHead ? '' : greeting);
  const link = isHead ? headOnly(body) : body;
  const dataOf = encodedText(read.encode);
  return clientSubscriber<E, T, string>(
    link,
    { ...read, ...(id === undefined ? {} : { lastEventId: id }) },
    {
      event: (event, hasOvertaken) => {
        if (event.type === missedType)
          throw new TypeError(`the type ${missedType} is that of gaps: choose another missedType`);
        // a client that came back after its id would miss those that it overtook
        return sseFrame({ event: event.type, data: dataOf(event), id: hasOvertaken ? undefined : idOf?.(event) });
      },
      missed: missed => sseFrame({ event: missedType, data: JSON.stringify(missed) }),
    },
  );
};

/** Answers a HEAD: with the headers. */
const headOnly = (link: ClientLink<string>): ClientLink<string> => ({
  ...link,
  open: events => {
    link.open(events);
    link.end();
    events.left();
  },
});
