import { seeDocs } from '../../event/seeDocs.js';

/**
 * A stream cannot be read as it is (promise J9): `expected` says what it must be, `found` what it is. It is thrown before
 * the first value, or when the stream was created anew while it was being read.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamconfigerror
 */
export class StreamConfigError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamConfigError';
  /** The name of the stream. */
  readonly stream: string;
  /** What is needed, such as `retention limits`. */
  readonly expected: string;
  /** What the server said. */
  readonly found: string;

  constructor(stream: string, expected: string, found: string) {
    super(seeDocs('StreamConfigError', `stream ${stream}: expected ${expected}, found ${found}`));
    this.stream = stream;
    this.expected = expected;
    this.found = found;
  }
}

/**
 * Messages that were not read yet are no longer in the stream (promise J9): its limits have removed them.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#expirederror
 */
export class ExpiredError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ExpiredError';
  /** The name of the stream. */
  readonly stream: string;
  /** The sequence from which it was to be read. */
  readonly sequence: number;
  /** The first sequence that is left. */
  readonly first: number;
  /** How many are gone. */
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
        `stream ${stream}: expected to read from sequence ${sequence}, found ${first} as the first; ${missing} messages are gone`,
      ),
    );
    this.stream = stream;
    this.sequence = sequence;
    this.first = first;
    this.missing = missing;
  }
}

/**
 * The stream does not exist, or was deleted while it was being read (promise J7).
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
 * A stream cannot be read any more (promise J6): the connection was closed, the server refused a request, or nothing was
 * heard for `giveUpAfter`. `missing` says what.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#streamunavailableerror
 */
export class StreamUnavailableError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StreamUnavailableError';
  /** The name of the stream. */
  readonly stream: string;
  /** What is missing, in words. */
  readonly missing: string;

  constructor(stream: string, missing: string, cause?: unknown) {
    super(seeDocs('StreamUnavailableError', `stream ${stream}: ${missing}`), { cause });
    this.stream = stream;
    this.missing = missing;
  }
}

/**
 * A message is not the next one of its sink (promise J11). `reason`:
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
  /** Its sequence in the stream. */
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
