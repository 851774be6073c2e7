/**
 * What a failed publish says about the message.
 * - `unknown`: it may be stored or not.
 * - `unanswered`: nobody took it, so it is not stored: no such stream, or no leader at the moment.
 * - `conflict`: it is not stored now; what it expects is not so. It may be stored already.
 * - `again`: it is not stored, and may be in a moment.
 * - `full`: it is not stored, since the stream has no room.
 * - `fatal`: it never will be.
 */
export type PublishFailure = 'unknown' | 'unanswered' | 'conflict' | 'again' | 'full' | 'fatal';

/** Codes of the API of JetStream. */
const FAILURES: Readonly<Record<number, PublishFailure>> = {
  10023: 'full', // insufficient resources
  10028: 'full', // memory
  10047: 'full', // storage
  10071: 'conflict',
  10077: 'full', // maximum messages, bytes, messages per subject
  10158: 'again', // the same id is being stored
  10164: 'again', // another message of the subject is being stored
};

/** Errors of the client after which nobody knows: by name, since there may be several copies of it. */
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
