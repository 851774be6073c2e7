import { seeDocs } from '../../event/seeDocs.js';

/**
 * The stream has the wrong configuration, or the stored position does not belong to it (promise J9: what is rejected at the
 * start). The source errors before the first value. It also errors later, if the stream is replaced while it is being read.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamconfigerror
 */
export class StreamConfigError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamConfigError';
  /** The name of the stream. */
  readonly stream: string;
  /** What is required, such as `retention limits`. */
  readonly expected: string;
  /** What was found, such as `retention workqueue`. */
  readonly found: string;

  constructor(stream: string, expected: string, found: string) {
    super(seeDocs('StreamConfigError', `stream ${stream}: expected ${expected}, found ${found}`));
    this.stream = stream;
    this.expected = expected;
    this.found = found;
  }
}

/**
 * The limits of the stream have removed messages that were not read yet (promise J9: what is rejected at the start).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#expirederror
 */
export class ExpiredError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ExpiredError';
  /** The name of the stream. */
  readonly stream: string;
  /** The sequence to read from. */
  readonly sequence: number;
  /** The first sequence that is still in the stream. */
  readonly first: number;
  /** How many messages were removed. */
  readonly missing: number;

  constructor(where: {
    readonly stream: string;
    readonly sequence: number;
    readonly first: number;
    readonly missing: number;
  }) {
    const { stream, sequence, first, missing } = where;
    super(
      seeDocs(
        'ExpiredError',
        `stream ${stream}: ${missing} unread messages have expired; expected sequence ${sequence}, found ${first} as the first one`,
      ),
    );
    this.stream = stream;
    this.sequence = sequence;
    this.first = first;
    this.missing = missing;
  }
}

/**
 * The stream does not exist, or was deleted while it was being read (promise J7: what is deleted).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamgoneerror
 */
export class StreamGoneError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamGoneError';
  /** The name of the stream. */
  readonly stream: string;

  constructor(stream: string) {
    super(seeDocs('StreamGoneError', `stream ${stream}: the server has no stream of this name`));
    this.stream = stream;
  }
}

/**
 * The stream can no longer be read (promise J6: outages are waited for). The connection was closed, the server rejected a
 * request, the server was unavailable for `giveUpAfter`, or the last position could not be stored.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamunavailableerror
 */
export class StreamUnavailableError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamUnavailableError';
  /** The name of the stream. */
  readonly stream: string;
  /** What went wrong, in words. */
  readonly missing: string;

  constructor(stream: string, missing: string, cause?: unknown) {
    super(seeDocs('StreamUnavailableError', `stream ${stream}: ${missing}`), { cause });
    this.stream = stream;
    this.missing = missing;
  }
}

/**
 * A message is not the next one of its sink (promise J11: messages are checked). `reason`:
 * - `'damaged'`: its data does not match its checksum;
 * - `'lost'`: messages before it are missing;
 * - `'foreign'`: it was not written by a sink of this package.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streammessageerror
 */
export class StreamMessageError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamMessageError';
  /** What is wrong with the message. */
  readonly reason: 'damaged' | 'lost' | 'foreign';
  /** The name of the stream. */
  readonly stream: string;
  /** The subject of the message. */
  readonly subject: string;
  /** The sequence of the message in the stream. */
  readonly sequence: number;

  constructor(
    reason: 'damaged' | 'lost' | 'foreign',
    where: { readonly stream: string; readonly subject: string; readonly sequence: number },
    expected: string,
    found: string,
  ) {
    const { stream, subject, sequence } = where;
    super(
      seeDocs(
        'StreamMessageError',
        `stream ${stream}, subject ${subject}, sequence ${sequence}: ${reason}; expected ${expected}, found ${found}`,
      ),
    );
    this.reason = reason;
    this.stream = stream;
    this.subject = subject;
    this.sequence = sequence;
  }
}
