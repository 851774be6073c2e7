import type { StoredPlace, StreamPlace } from '../position/StreamPlace.js';
import { hasWildcard } from '../streamNames.js';
import { ExpiredError, StreamConfigError } from './errors.js';
import type { JetStreamSourceOptions } from './JetStreamSourceOptions.js';
import { createdAt, type StreamInfo } from './StreamInfo.js';

type Where = Pick<JetStreamSourceOptions, 'stream' | 'startAt' | 'subject' | 'foreign'>;

/** The place after which reading begins: the stored position, or that of `startAt`. Throws if the position is invalid. */
export const firstPlace = (info: StreamInfo, stored: StoredPlace | undefined, where: Where): StreamPlace => {
  const { stream, startAt = 'first' } = where;
  const { first_seq: first, last_seq: last } = info.state;
  if (stored === undefined) {
    if (startAt === 'first') return { sequence: Math.max(0, first - 1) };
    if (startAt === 'new') return { sequence: last };
    if (startAt.sequence < first) throw expired(stream, startAt.sequence, first);
    return { sequence: startAt.sequence - 1 };
  }
  if (stored.stream !== stream)
    throw new StreamConfigError(stream, 'a position in this stream', `one in stream ${stored.stream}`);
  checkCreated(stream, stored.created, info);
  if (stored.sequence > last)
    throw new StreamConfigError(
      stream,
      `message ${stored.sequence}, which is the stored position`,
      `${last} as the last sequence`,
    );
  return stored;
};

/** Throws `StreamConfigError` if the stream was deleted and created again. */
export const checkCreated = (stream: string, created: string, info: StreamInfo): void => {
  if (createdAt(created) !== createdAt(info.created))
    throw new StreamConfigError(
      stream,
      `the stream that was created at ${created}`,
      `one that was created at ${info.created}`,
    );
};

/**
 * Whether messages after `place` may have expired. The expired ones may all have other subjects, so only the position in
 * the next message's id can tell. Throws `ExpiredError` if that position cannot tell either.
 */
export const mayHaveExpired = (info: StreamInfo, place: StreamPlace, { stream, subject, foreign }: Where): boolean => {
  const { first_seq: first } = info.state;
  if (place.sequence + 1 >= first) return false;
  const isOneSubject = subject !== undefined && !hasWildcard(subject);
  if (isOneSubject && place.position !== undefined && foreign !== 'accept') return true;
  throw expired(stream, place.sequence + 1, first);
};

const expired = (stream: string, sequence: number, first: number): ExpiredError =>
  new ExpiredError({ stream, sequence, first, missing: first - sequence });
