import type { StreamPlace } from '../position/StreamPlace.js';
import { StreamConfigError, StreamGoneError, StreamUnavailableError } from './errors.js';
import { checkCreated } from './firstPlace.js';
import { MESSAGE_NOT_FOUND, STREAM_NOT_FOUND, type JetStreamApi } from './jetStreamApi.js';
import type { StreamInfo } from './StreamInfo.js';

/** How often a stream must be said to be gone: while a leader is elected, a server may not know it. */
const GONE = 3;
/** The server removes a consumer that it has not heard of for this long, in ns. */
const INACTIVE = 30_000_000_000;

export interface OpeningDesk {
  /** The stream is seen for the first time. Rejects where it cannot be read. */
  readonly begin: (info: StreamInfo) => Promise<void>;
  /** It is seen again, after an outage. Throws where it cannot be read any more. */
  readonly resume: (info: StreamInfo) => void;
  /** The last message that has arrived. */
  readonly last: () => StreamPlace;
}

/**
 * Makes a consumer after the last message that has arrived, if the stream is still the one that it was. Resolves with what
 * is in the way, if time may mend it; rejects if not.
 */
export const streamOpening = (
  { stream, subject }: { readonly stream: string; readonly subject: string | undefined },
  ask: JetStreamApi,
  { begin, resume, last }: OpeningDesk,
) => {
  let created: string | undefined;
  let timesGone = 0;

  const gone = (): string => {
    if (++timesGone >= GONE) throw new StreamGoneError(stream);
    return 'the stream is not found';
  };

  /** A server that lost what it had not synced may have written other messages in its place. */
  const checkLast = async ({ state }: StreamInfo): Promise<string | undefined> => {
    const { sequence, time } = last();
    if (sequence > state.last_seq) return `the stream ends at ${state.last_seq}, before the position ${sequence}`;
    if (time === undefined || sequence < state.first_seq) return undefined;
    const answer = await ask<{ message: { time: string } }>(`STREAM.MSG.GET.${stream}`, { seq: sequence });
    if ('obstacle' in answer) return answer.obstacle;
    if ('refused' in answer) {
      if (answer.refused.errCode === MESSAGE_NOT_FOUND) return undefined;
      throw refused(stream, 'STREAM.MSG.GET', answer.refused);
    }
    const found = Date.parse(answer.value.message.time);
    if (found === time) return undefined;
    const at = (ms: number): string => new Date(ms).toISOString();
    throw new StreamConfigError(stream, `message ${sequence} of ${at(time)}, which was read`, `one of ${at(found)}`);
  };

  return async (name: string): Promise<string | undefined> => {
    const answer = await ask<StreamInfo>(`STREAM.INFO.${stream}`);
    if ('obstacle' in answer) return answer.obstacle;
    if ('refused' in answer) {
      if (answer.refused.errCode === STREAM_NOT_FOUND) return gone();
      throw refused(stream, 'STREAM.INFO', answer.refused);
    }
    const info = answer.value;
    timesGone = 0;
    if (created === undefined) {
      await begin(info);
      ({ created } = info);
    } else {
      checkCreated(stream, created, info);
    }
    const obstacle = await checkLast(info);
    if (obstacle !== undefined) return obstacle;
    resume(info);

    const config = {
      name,
      deliver_policy: 'by_start_sequence',
      opt_start_seq: last().sequence + 1,
      ack_policy: 'none',
      replay_policy: 'instant',
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: INACTIVE,
      filter_subject: subject,
    };
    const path = `CONSUMER.CREATE.${stream}.${name}${subject === undefined ? '' : `.${subject}`}`;
    const made = await ask(path, { stream_name: stream, config, action: 'create' });
    if ('obstacle' in made) return made.obstacle;
    if ('value' in made) return undefined;
    if (made.refused.errCode === STREAM_NOT_FOUND) return gone();
    throw refused(stream, 'CONSUMER.CREATE', made.refused);
  };
};

const refused = (stream: string, operation: string, reason: { errCode: number; description: string }): Error =>
  new StreamUnavailableError(stream, `the server refuses ${operation}: ${reason.description} (${reason.errCode})`);
