import { seeDocs } from '../../event/seeDocs.js';

/**
 * Another writer publishes to the stream or subject of a sink (promise J14: one writer). The sink found a message of that writer
 * where its own next message belongs. It sends nothing more.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#secondwritererror
 */
export class SecondWriterError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SecondWriterError';
  /** The stream. */
  readonly stream: string;
  /** The subject of the sink's message. */
  readonly subject: string;
  /** The sequence of the message that was found, if there is one. */
  readonly sequence: number | undefined;

  constructor(stream: string, subject: string, sequence: number | undefined, found: string) {
    super(
      seeDocs(
        'SecondWriterError',
        `stream ${stream}, subject ${subject}: ${found}; stop the other writer, or set writer: 'subject' if it writes other subjects`,
      ),
    );
    this.stream = stream;
    this.subject = subject;
    this.sequence = sequence;
  }
}

/**
 * The server took a message for a repeat of one that was deleted, so it did not store it. A server knows ids for the duplicate
 * window of the stream, also those of deleted messages (promise J13).
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
  /** The sequence of the deleted message. */
  readonly sequence: number;

  constructor(stream: string, subject: string, id: string, sequence: number) {
    super(
      seeDocs(
        'DuplicateIdError',
        `stream ${stream}, subject ${subject}: the server took "${id}" for a repeat of the message at sequence ${sequence}, which was ` +
          'deleted; wait for the duplicate window of the stream, then send it again',
      ),
    );
    this.stream = stream;
    this.subject = subject;
    this.id = id;
    this.sequence = sequence;
  }
}

/**
 * The stream of a sink does not exist, or it does not include the subject of a message.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#nosuchstreamerror
 */
export class NoSuchStreamError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'NoSuchStreamError';
  /** The stream. */
  readonly stream: string;
  /** The subject that the stream does not include. `undefined` if the stream does not exist. */
  readonly subject: string | undefined;

  constructor(stream: string, subject?: string) {
    super(
      seeDocs(
        'NoSuchStreamError',
        subject === undefined
          ? `stream ${stream}: the server has no such stream; create it first`
          : `stream ${stream}: its subjects do not include ${subject}; add it to the subjects of the stream`,
      ),
    );
    this.stream = stream;
    this.subject = subject;
  }
}

/**
 * The server has confirmed no message for `giveUpAfter`, although all were retried (promise J13: what a sink has published). It
 * is unknown whether they are stored. `cause` is the last failure.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#unconfirmederror
 */
export class UnconfirmedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'UnconfirmedError';
  /** The stream. */
  readonly stream: string;
  /** How many messages are unconfirmed. */
  readonly count: number;
  /** The option `giveUpAfter`, in ms. */
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
 * A message is larger than the server or the stream allows. It was not sent.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#publishsizeerror
 */
export class PublishSizeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PublishSizeError';
  /** The subject. */
  readonly subject: string;
  /** The size of data and headers, in bytes. */
  readonly size: number;
  /** The largest allowed size, in bytes. */
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
 * The connection of a sink was closed. It is unknown whether the messages in flight are stored.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#sinkclosederror
 */
export class SinkClosedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SinkClosedError';
  /** The stream. */
  readonly stream: string;
  /** How many messages are unconfirmed. */
  readonly count: number;

  constructor(stream: string, count: number) {
    super(seeDocs('SinkClosedError', `stream ${stream}: the connection is closed, with ${count} messages unconfirmed`));
    this.stream = stream;
    this.count = count;
  }
}
