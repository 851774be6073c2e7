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
  /** The request, whose header `Last-Event-ID` is read. The option `lastEventId` takes precedence. Default: none. */
  readonly request?: SseRequest;
  /** Returns the data of an event, in any number of lines. If it throws, the event becomes a gap. Default: JSON. */
  readonly encode?: (event: NoInfer<EventOf<E, T>>) => string;
  /** How long a disconnected client waits before it reconnects, in ms: the field `retry`. Default: that of the browser. */
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

/** The field `retry` allows only digits. */
const someDelay: Check = {
  expected: `milliseconds, from 0 to ${Number.MAX_SAFE_INTEGER}`,
  allows: value => milliseconds.allows(value) && (value as number) <= Number.MAX_SAFE_INTEGER,
};

/**
 * An optional subscriber that sends events to a browser as server-sent events. If the browser is slow, events are dropped from a
 * bounded buffer, and the browser is notified of each gap. A slow browser does not slow down the broker.
 *
 *     sent          a-b-c-d-e-f------g
 *     browser       a-b-----------e-f-g     its connection is full after b; capacity 2, dropOldest
 *     missed        ------------m           count 2, from c to d
 *
 * The `event` field is the event's type, so a page listens with `addEventListener('Price', …)`. A gap is sent as an event of type
 * `missed`, whose data is the JSON of a `Missed`. When the client disconnects, the subscriber is closed. When the subscriber is
 * closed, or `drain()` has finished, the response ends after everything that was sent. A `HEAD` gets only the headers.
 *
 * Sizes in bytes are those of the broker's `sizeOf`. Throws `OptionError` if an option is invalid or the response has ended.
 *
 * @param to - A response of `node:http` or `node:http2`, or what `sseResponse()` returns.
 * @param options - Options for buffering, encoding and reconnecting. All are optional.
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
  // sent immediately, so that the client sees that it is connected
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
          throw new TypeError(`the event type ${missedType} is reserved for gaps: choose another missedType`);
        // without an id: a client that resumed after it would miss the events that it overtook
        return sseFrame({ event: event.type, data: dataOf(event), id: hasOvertaken ? undefined : idOf?.(event) });
      },
      missed: missed => sseFrame({ event: missedType, data: JSON.stringify(missed) }),
    },
  );
};

/** A connection that sends only the headers, for a `HEAD` request. */
const headOnly = (link: ClientLink<string>): ClientLink<string> => ({
  ...link,
  open: events => {
    link.open(events);
    link.end();
    events.left();
  },
});
