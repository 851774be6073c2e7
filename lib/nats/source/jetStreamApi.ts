import type { Observable } from 'rxjs';
import type { NatsConnection } from '../NatsConnection.js';
import { StreamUnavailableError } from './errors.js';

/** How long an answer may take, in ms. */
const PATIENCE = 2000;

/** What the server says to a request: its answer, a refusal that says why, or nothing for now. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly refused: { readonly errCode: number; readonly description: string } }
  | { readonly obstacle: string };

export const STREAM_NOT_FOUND = 10_059;
export const CONSUMER_NOT_FOUND = 10_014;
export const MESSAGE_NOT_FOUND = 10_037;

/** Refusals that end by themselves, although their code is that of a wrong request: a cluster lacks servers. */
const PASSING = new Set([10_004, 10_005, 10_074]);

interface ApiAnswer {
  readonly error?: { readonly code?: number; readonly err_code?: number; readonly description?: string };
}

/** Requests to JetStream, as JSON. `interrupted$` ends the wait for an answer that will not come. */
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
    return { obstacle: 'an answer of JetStream is no JSON' };
  }
  const { error } = answer;
  if (error === undefined) return { value: answer as T };
  const { code = 500, err_code: errCode = 0, description = 'without a description' } = error;
  if (code >= 500 || PASSING.has(errCode)) return { obstacle: `JetStream says: ${description} (${errCode})` };
  return { refused: { errCode, description } };
};

/** What it means that a request failed, by the names of the clients' errors. Throws what time does not mend. */
const answerOf = (stream: string, path: string, error: unknown): { readonly obstacle: string } => {
  const { name, message, cause } = error as Error;
  const names = [name, (cause as Error | undefined)?.name];
  const is = (wanted: string): boolean => names.includes(wanted);
  const operation = path.split('.').slice(0, 2).join('.');
  if (is('NoResponders') || is('NoRespondersError'))
    return { obstacle: `nobody answers ${operation}: JetStream is not there, or has no leader yet` };
  if (is('TimeoutError')) return { obstacle: `no answer to ${operation} within ${PATIENCE} ms` };
  if (is('ClosedConnectionError') || is('DrainingConnectionError'))
    throw new StreamUnavailableError(stream, 'the connection is closed', error);
  throw new StreamUnavailableError(stream, `the request ${operation} failed: ${message}`, error);
};
