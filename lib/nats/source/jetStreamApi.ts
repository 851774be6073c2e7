import type { Observable } from 'rxjs';
import type { NatsConnection } from '../NatsConnection.js';
import { StreamUnavailableError } from './errors.js';

/** The time limit for a response, in ms. */
const PATIENCE = 2000;

/** The outcome of a request: a result, a permanent rejection by the server, or a temporary obstacle in words. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly refused: { readonly errCode: number; readonly description: string } }
  | { readonly obstacle: string };

export const STREAM_NOT_FOUND = 10_059;
export const CONSUMER_NOT_FOUND = 10_014;
export const MESSAGE_NOT_FOUND = 10_037;

/** Temporary errors of a cluster without enough servers, although their status code says that the request is invalid. */
const PASSING = new Set([10_004, 10_005, 10_074]);

interface ApiAnswer {
  readonly error?: { readonly code?: number; readonly err_code?: number; readonly description?: string };
}

/** Sends requests to the JetStream API. `interrupted$` ends the wait for a response after the connection was lost. */
export const jetStreamApi =
  (
    { connection, apiPrefix, stream }: { connection: NatsConnection; apiPrefix: string; stream: string },
    interrupted$: Observable<unknown>,
  ) =>
  <T>(path: string, body: object = {}): Promise<Answer<T>> =>
    new Promise((resolve, reject) => {
      const stop = interrupted$.subscribe({
        next: () => resolve({ obstacle: 'the connection was lost' }),
        error: reject,
      });
      connection
        .request(`${apiPrefix}.${path}`, JSON.stringify(body), { timeout: PATIENCE })
        .then(
          ({ data }) => answerIn<T>(data),
          (error: unknown) => answerOf(stream, path, error),
        )
        .then(resolve, reject)
        .finally(() => stop.unsubscribe());
    });

export type JetStreamApi = ReturnType<typeof jetStreamApi>;

const answerIn = <T>(data: Uint8Array): Answer<T> => {
  let answer: ApiAnswer;
  try {
    answer = JSON.parse(new TextDecoder().decode(data)) as ApiAnswer;
  } catch {
    return { obstacle: 'a response of JetStream is not JSON' };
  }
  const { error } = answer;
  if (error === undefined) return { value: answer as T };
  const { code = 500, err_code: errCode = 0, description = 'no description' } = error;
  if (code >= 500 || PASSING.has(errCode))
    return { obstacle: `JetStream reported an error: ${description} (${errCode})` };
  return { refused: { errCode, description } };
};

/** Classifies a failed request by the error names of the NATS clients. Throws if the failure is permanent. */
const answerOf = (stream: string, path: string, error: unknown): { readonly obstacle: string } => {
  const { name, message, cause } = error as Error;
  const names = [name, (cause as Error | undefined)?.name];
  const is = (wanted: string): boolean => names.includes(wanted);
  const operation = path.split('.').slice(0, 2).join('.');
  if (is('NoResponders') || is('NoRespondersError'))
    return { obstacle: `no responders to ${operation}: JetStream is not enabled, or has no leader yet` };
  if (is('TimeoutError')) return { obstacle: `no response to ${operation} within ${PATIENCE} ms` };
  if (is('ClosedConnectionError') || is('DrainingConnectionError'))
    throw new StreamUnavailableError(stream, 'the connection is closed', error);
  throw new StreamUnavailableError(stream, `the request ${operation} failed: ${message}`, error);
};
