import type { ClientLink } from '../client/ClientLink.js';
import { pulledBody } from './pulledBody.js';
import { sseHeaders } from './sseHeaders.js';

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
  /** The status. Default 200. */
  readonly status?: number;
  /** More headers, such as those of CORS. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response has its connection under this key: copies of the package may meet. */
const LINK = Symbol.for('rx-event-broker.sse');

/**
 * Makes a `Response` of fetch for `sseSubscriber`: for servers whose handlers return one (Deno, Bun, Hono, service workers).
 *
 * @param init - Its status and its headers. Those of event streams are added.
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
  const body = pulledBody();
  const response = new Response(body.stream, { ...init, headers: { ...sseHeaders, ...init.headers } });
  return Object.defineProperty<FetchResponse>(response, LINK, { value: body.link });
};

/** How to write to a response that `sseResponse` has made. */
export const fetchLink = (response: unknown): ((greeting: string) => ClientLink<string>) | undefined =>
  typeof response === 'object' && response !== null
    ? ((response as Readonly<Record<symbol, unknown>>)[LINK] as ReturnType<typeof fetchLink>)
    : undefined;
