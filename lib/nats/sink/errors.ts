import { seeDocs } from '../../event/seeDocs.js';

/**
 * Somebody else writes where a sink is the only writer (promise J14): a message that the sink did not send is where the
 * next one of the sink belongs. Nothing is sent after it.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#secondwritererror
 */
export class SecondWriterError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SecondWriterError';
  /** The stream. */
  readonly stream: string;
  /** The subject of the message that was to be stored. */
  readonly subject: string;
  /** Where the message is that was found, if one was found. */
  readonly sequence: number | undefined;

  constructor(stream: string, subject: string, sequence: number | undefined, found: string) {
    super(
      seeDocs(
        'SecondWriterError',
        `stream ${stream}, subject ${subject}: ${found}; end the other writer, or say writer: 'subject' if it writes other subjects`,
      ),
    );
    this.stream = stream;
    this.subject = subject;
    this.sequence = sequence;
  }
}

/**
 * The server took a message for a repeat of one that is not there any more, so it is not stored. It knows ids for the duplicate
 * window of the stream, also those of messages that were deleted since (promise J13).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#duplicateiderror
 */
export class DuplicateIdError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DuplicateIdError';
  /** The stream. */
  readonly stream: string;
  /** The subject of the message that was to be stored. */
  readonly subject: string;
  /** Its id (`Nats-Msg-Id`). */
  readonly id: string;
  /** Where the message was that the server means. */
  readonly sequence: number;

  constructor(stream: string, subject: string, id: string, sequence: number) {
    super(
      seeDocs(
        'DuplicateIdError',
        `stream ${stream}, subject ${subject}: the server took "${id}" for a repeat of the message at ${sequence}, which is not ` +
          'there any more; wait for the duplicate window of the stream, then send it again',
      ),
    );
    this.stream = stream;
    this.subject = subject;
    this.id = id;
    this.sequence = sequence;
  }
}

/**
 * A stream that a sink writes to is not there, or has no such subject.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#nosuchstreamerror
 */
export class NoSuchStreamError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'NoSuchStreamError';
  /** The stream. */
  readonly stream: string;
  /** The subject that it lacks; absent if there is no such stream. */
  readonly subject: string | undefined;

  constructor(stream: string, subject?: string) {
    super(
      seeDocs(
        'NoSuchStreamError',
        subject === undefined
          ? `stream ${stream}: the server has no such stream; create it first`
          : `stream ${stream}: it takes no messages of subject ${subject}; add it to the subjects of the stream`,
      ),
    );
    this.stream = stream;
    this.subject = subject;
  }
}

/**
 * Messages were sent again and again, and the server has confirmed none for `giveUpAfter` (promise J13). It is unknown whether
 * they are stored. `cause` is the last answer.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#unconfirmederror
 */
export class UnconfirmedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'UnconfirmedError';
  /** The stream. */
  readonly stream: string;
  /** Messages without a confirmation. */
  readonly count: number;
  /** The limit: the option `giveUpAfter`, in ms. */
  readonly giveUpAfter: number;

  constructor(stream: string, count: number, giveUpAfter: number, cause: unknown) {
    super(
      seeDocs('UnconfirmedError', `stream ${stream}: ${count} messages were not confirmed within ${giveUpAfter} ms`),
      { cause },
    );
    this.stream = stream;
    this.count = count;
    this.giveUpAfter = giveUpAfter;
  }
}

/**
 * A message is larger than the server or the stream takes. It was not sent.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#publishsizeerror
 */
export class PublishSizeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PublishSizeError';
  /** The subject. */
  readonly subject: string;
  /** The size of its data and headers, in bytes. */
  readonly size: number;
  /** The most that is allowed, in bytes. */
  readonly limit: number;

  constructor(subject: string, size: number, limit: number, whose: string) {
    super(
      seeDocs(
        'PublishSizeError',
        `subject ${subject}: expected at most ${limit} bytes with headers (${whose}), found ${size}`,
      ),
    );
    this.subject = subject;
    this.size = size;
    this.limit = limit;
  }
}

/**
 * The connection of a sink was closed. It is unknown whether what was in flight is stored.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#sinkclosederror
 */
export class SinkClosedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SinkClosedError';
  /** The stream. */
  readonly stream: string;
  /** Messages without a confirmation. */
  readonly count: number;

  constructor(stream: string, count: number) {
    super(seeDocs('SinkClosedError', `stream ${stream}: the connection is closed, with ${count} messages unconfirmed`));
    this.stream = stream;
    this.count = count;
  }
}
