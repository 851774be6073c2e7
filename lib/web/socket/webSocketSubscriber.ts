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
  /** The message of an event, a text or bytes. One for which it throws is told as a gap. Default: JSON. */
  readonly encode?: (event: NoInfer<EventOf<E, T>>) => SocketMessage;
  /** Bytes in the socket's own buffer from which on events wait in the subscriber's. At least 1. Default 65,536. */
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
 * An optional subscriber that sends its events over a WebSocket. A slow client has a bound, drops, and is told what it missed;
 * nobody waits for it.
 *
 *     sent          a-b-c-d-e-f------g
 *     client        a-b-----------e-f-g     its socket holds `socketBytes` after b; capacity 2, dropOldest
 *     told          ------------m           missed: 2, from c to d
 *
 * A message is the JSON of an event, or what `encode` makes of it. A gap is a JSON message of its own, that of `Missed` with the
 * type `missed`. A client that leaves closes the subscriber. Closing the subscriber, and the end of `drain()`, close the socket
 * after what was sent, with the code 1001.
 *
 * Bytes that wait count by `sizeOf` of the broker. Throws `OptionError`.
 *
 * @param socket - That of `ws`, Deno, Bun or a browser.
 * @param options - How to buffer and to encode. All optional.
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
        throw new TypeError(`the type ${missedType} is that of gaps: choose another missedType`);
      const message: unknown = encode === undefined ? JSON.stringify(event) : encode(event);
      if (typeof message === 'string' || ArrayBuffer.isView(message) || isArrayBuffer(message))
        return message as SocketMessage;
      ignoreOutcome(message);
      throw new TypeError(`encode: expected a string or bytes, found ${shown(message)}`);
    },
    missed: missed => JSON.stringify({ type: missedType, ...missed }),
  });
};

/** Of this realm or of another one. */
const isArrayBuffer = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object ArrayBuffer]';
