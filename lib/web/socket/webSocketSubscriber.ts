import { asyncScheduler } from 'rxjs';
import type { Subscriber } from '../../broker/Subscriber.js';
import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { shown } from '../../event/shown.js';
import { aFunction, checkOption, checkOptions, count, type Check } from '../../flow/contract/options.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import { CLIENT_OPTIONS, type ClientOptions } from '../client/ClientOptions.js';
import { clientSubscriber } from '../client/clientSubscriber.js';
import { webSocketLink, type SocketMessage } from './webSocketLink.js';
import type { WebSocketLike } from './WebSocketLike.js';

/**
 * Options of `webSocketSubscriber`.
 * @see node_modules/rx-event-broker/docs/web.md#options
 */
export type WebSocketOptions<E extends AnyEvent, T> = ClientOptions<E, T> & {
  /** Returns the message of an event, as text or bytes. If it throws, the event becomes a gap. Default: JSON. */
  readonly encode?: (event: NoInfer<EventOf<E, T>>) => SocketMessage;
  /** While the socket buffers this many bytes or more, events wait in the subscriber. At least 1. Default 65,536. */
  readonly socketBytes?: number;
};

const webSocket: Check = {
  expected: 'a WebSocket',
  allows: value => {
    if (typeof value !== 'object' || value === null) return false;
    const { readyState, send, close } = value as Readonly<Record<string, unknown>>;
    return typeof readyState === 'number' && typeof send === 'function' && typeof close === 'function';
  },
  needed: true,
};

/**
 * An optional subscriber that sends events over a WebSocket. If the client is slow, events are dropped from a bounded buffer, and
 * the client is notified of each gap. A slow client does not slow down the broker.
 *
 *     sent          a-b-c-d-e-f------g
 *     client        a-b-----------e-f-g     its socket holds `socketBytes` after b; capacity 2, dropOldest
 *     missed        ------------m           count 2, from c to d
 *
 * A message is the JSON of an event, or the result of `encode`. A gap is the JSON of a `Missed` with the type `missed`. When the
 * client disconnects, the subscriber is closed. When the subscriber is closed, or `drain()` has finished, the socket is closed
 * with code 1001 after everything that was sent.
 *
 * Sizes of waiting events are those of the broker's `sizeOf`. Throws `OptionError`.
 *
 * @param socket - A WebSocket of `ws`, Deno, Bun or a browser.
 * @param options - Options for buffering and encoding. All are optional.
 * @example
 * ```ts
 * const serve = (socket: WebSocketLike) =>
 *   broker.subscribe(
 *     webSocketSubscriber(socket, { types: ['Price'], capacity: 500 }),
 *   );
 * ```
 * @see node_modules/rx-event-broker/docs/web.md#websockets
 */
export const webSocketSubscriber = <E extends AnyEvent, const T extends E['type'] | All = All>(
  socket: WebSocketLike,
  options: WebSocketOptions<E, T> = {},
): Subscriber<E, T> => {
  checkOption('socket', socket, webSocket);
  const read = checkOptions('webSocketSubscriber', options, {
    ...CLIENT_OPTIONS,
    encode: aFunction,
    socketBytes: count(1),
  });
  const { encode, missedType = 'missed', socketBytes = 65_536, scheduler = asyncScheduler } = read;
  return clientSubscriber<E, T, SocketMessage>(webSocketLink(socket, socketBytes, scheduler), read, {
    event: event => {
      if (event.type === missedType)
        throw new TypeError(`the event type ${missedType} is reserved for gaps: choose another missedType`);
      const message: unknown = encode === undefined ? JSON.stringify(event) : encode(event);
      if (typeof message === 'string' || ArrayBuffer.isView(message) || isArrayBuffer(message))
        return message as SocketMessage;
      ignoreOutcome(message);
      throw new TypeError(`encode: expected a string or bytes, found ${shown(message)}`);
    },
    missed: missed => JSON.stringify({ type: missedType, ...missed }),
  });
};

/** Also accepts an `ArrayBuffer` of another realm. */
const isArrayBuffer = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object ArrayBuffer]';
