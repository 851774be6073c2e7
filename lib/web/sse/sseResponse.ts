import { OptionError } from '../../flow/contract/OptionError.js';
import { anything, checkOptions, count, type Check } from '../../flow/contract/options.js';
import type { ClientLink } from '../client/ClientLink.js';
import { pulledBody } from './pulledBody.js';
import { isEventStream, sseHeaders } from './sseHeaders.js';

/** The types of a program that has a `Response`. */
interface WithResponses<R> {
  /** The class of the platform. */
  readonly Response: {
    /** What its responses are. */
    readonly prototype: R;
  };
}

/**
 * The `Response` of the platform, if the types of the program have one.
 * @see node_modules/rx-event-broker/docs/web.md#fetch
 */
export type FetchResponse = typeof globalThis extends WithResponses<infer R> ? R : object;

/** What is used of the options of a `Response`. */
export interface SseResponseInit {
  /** The status, from 200 to 599: one that has a body. Default 200. */
  readonly status?: number;
  /** More headers, such as those of CORS: an object, a `Headers`, or pairs. The case of their names does not matter. */
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]>;
}

/** The other statuses have no body. */
const bodied: Check = {
  expected: 'a status from 200 to 599 that has a body',
  allows: value => count(200, 599).allows(value) && ![204, 205, 304].includes(value as number),
};

/** Names of headers are the same in any case: `Headers` knows that. */
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
    // it is not one
  }
  throw new OptionError('headers', 'an object of strings, a Headers, or pairs of strings', given);
};

/** A response has its connection under this key: copies of the package may meet. */
const LINK = Symbol.for('rx-event-broker.sse');

/**
 * Makes a `Response` of fetch for `sseSubscriber`: for servers whose handlers return one (Deno, Bun, Hono, service workers).
 *
 * Throws `OptionError`, also for a `content-type` that is not `text/event-stream`.
 *
 * @param init - Its status and its headers. Those of event streams are added, unless you give them.
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
  const { status = 200, headers } = checkOptions('sseResponse', init, { status: bodied, headers: anything });
  const body = pulledBody();
  const response = new Response(body.stream, { status, headers: withOurs(headers) });
  return Object.defineProperty<FetchResponse>(response, LINK, { value: body.link });
};

/** How to write to a response that `sseResponse` has made. */
export const fetchLink = (response: unknown): ((greeting: string) => ClientLink<string>) | undefined =>
  typeof response === 'object' && response !== null
    ? ((response as Readonly<Record<symbol, unknown>>)[LINK] as ReturnType<typeof fetchLink>)
    : undefined;
