/**
 * What a failed publish says about the message:
 * - `unknown`: it may or may not be stored.
 * - `unanswered`: no server received it, so it is not stored. The stream does not exist, or has no leader at the moment.
 * - `conflict`: its expectation was not met, so this try did not store it. An earlier try may have.
 * - `again`: it is not stored. A retry may succeed.
 * - `full`: it is not stored, because the stream is full.
 * - `fatal`: it will never be stored.
 */
export type PublishFailure = 'unknown' | 'unanswered' | 'conflict' | 'again' | 'full' | 'fatal';

/** Error codes of the JetStream API. */
const FAILURES: Readonly<Record<number, PublishFailure>> = {
  10023: 'full', // insufficient resources
  10028: 'full', // memory
  10047: 'full', // storage
  10071: 'conflict',
  10077: 'full', // maximum messages, bytes, messages per subject
  10158: 'again', // the same id is being stored
  10164: 'again', // another message of the subject is being stored
};

/** Client errors that leave the outcome unknown. Compared by name, because several copies of the client may be loaded. */
const UNKNOWN = new Set(['TimeoutError', 'RequestError', 'ConnectionError', 'ClosedConnectionError', 'ProtocolError']);
const UNANSWERED = new Set(['JetStreamNotEnabled', 'NoRespondersError', 'NoResponders']);

export const publishFailure = (error: unknown): PublishFailure => {
  const { name, code, status, cause } = Object(error) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly status?: unknown;
    readonly cause?: unknown;
  };
  if (typeof code === 'number' && code in FAILURES) return FAILURES[code]!;
  if (status === 503) return 'again';
  if (typeof name !== 'string') return 'fatal';
  if (UNANSWERED.has(name)) return 'unanswered';
  if (name === 'RequestError' && UNANSWERED.has((Object(cause) as Error).name)) return 'unanswered';
  return UNKNOWN.has(name) ? 'unknown' : 'fatal';
};
