import { OptionError } from '../../flow/contract/OptionError.js';
import { anything, checkOptions, count, type Check } from '../../flow/contract/options.js';
import type { ClientLink } from '../client/ClientLink.js';
import { pulledBody } from './pulledBody.js';
import { isEventStream, sseHeaders } from './sseHeaders.js';

/** A global scope whose types include `Response`. */
interface WithResponses<R> {
  /** The `Response` class of the platform. */
  readonly Response: {
    /** The type of its instances. */
    readonly prototype: R;
  };
}

/**
 * The `Response` type of the platform, or `object` if the program's types do not include it.
 * @see node_modules/rx-event-broker/docs/web.md#fetch
 */
export type FetchResponse = typeof globalThis extends WithResponses<infer R> ? R : object;

/** Options of `sseResponse`. */
export interface SseResponseInit {
  /** The status, from 200 to 599. It must allow a body. Default 200. */
  readonly status?: number;
  /** Additional headers, such as those for CORS: an object, a `Headers`, or pairs. Names are case-insensitive. */
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]>;
}

const statusWithBody: Check = {
  expected: 'a status from 200 to 599 that has a body',
  allows: value => count(200, 599).allows(value) && ![204, 205, 304].includes(value as number),
};

/** Adds the headers of event streams. `Headers` ignores the case of names. */
const withOurs = (given: SseResponseInit['headers'] = {}): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairsOf(given)) {
    if (typeof value !== 'string') throw new OptionError(`headers: ${name}`, 'a string', value);
    try {
      headers.append(name, value);
    } catch {
      throw new OptionError('headers', 'names and values that are allowed in HTTP', `${name}: ${value}`);
    }
  }
  const type = headers.get('content-type');
  if (type !== null && !isEventStream(type)) throw new OptionError('headers', 'a content-type text/event-stream', type);
  for (const [name, value] of Object.entries(sseHeaders)) if (!headers.has(name)) headers.set(name, value);
  return headers;
};

const pairsOf = (given: unknown): readonly (readonly [string, unknown])[] => {
  try {
    if (typeof given === 'object' && given !== null)
      return Symbol.iterator in given
        ? Array.from(given as Iterable<readonly [string, unknown]>, ([name, value]) => [name, value])
        : Object.entries(given);
  } catch {
    // not iterable as pairs: the error below
  }
  throw new OptionError('headers', 'an object of strings, a Headers, or pairs of strings', given);
};

/** The key of a response's connection. It is a registered symbol, so several copies of the package share it. */
const LINK = Symbol.for('rx-event-broker.sse');

/**
 * Creates a fetch `Response` for `sseSubscriber`. Use it in servers whose handlers return a `Response`, such as Deno, Bun, Hono
 * and service workers.
 *
 * Throws `OptionError` if an option is invalid, or if the `content-type` is not `text/event-stream`.
 *
 * @param init - The status and the headers. The headers of an event stream are added if they are missing.
 * @example
 * ```ts
 * const handle = (request: Request) => {
 *   const response = sseResponse();
 *   broker.subscribe(sseSubscriber(response, { request, types: ['Price'] }));
 *   return response;
 * };
 * ```
 * @see node_modules/rx-event-broker/docs/web.md#fetch
 */
export const sseResponse = (init: SseResponseInit = {}): FetchResponse => {
  const { status = 200, headers } = checkOptions('sseResponse', init, { status: statusWithBody, headers: anything });
  const body = pulledBody();
  const response = new Response(body.stream, { status, headers: withOurs(headers) });
  return Object.defineProperty<FetchResponse>(response, LINK, { value: body.link });
};

/** The connection of a response that `sseResponse` has made, or `undefined` for any other value. */
export const fetchLink = (response: unknown): ((greeting: string) => ClientLink<string>) | undefined =>
  typeof response === 'object' && response !== null
    ? ((response as Readonly<Record<symbol, unknown>>)[LINK] as ReturnType<typeof fetchLink>)
    : undefined;
