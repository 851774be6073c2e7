import type { StreamPlace } from '../position/StreamPlace.js';
import { StreamConfigError, StreamGoneError, StreamUnavailableError } from './errors.js';
import { checkCreated } from './firstPlace.js';
import { MESSAGE_NOT_FOUND, STREAM_NOT_FOUND, type JetStreamApi } from './jetStreamApi.js';
import type { StreamInfo } from './StreamInfo.js';

/** A stream is gone after this many "not found" responses in a row. During a leader election, a server may not know the stream. */
const GONE = 3;
/** The server removes a consumer that was not used for this long, in ns. */
const INACTIVE = 30_000_000_000;

export interface OpeningDesk {
  /** Called once, before the first consumer. Rejects if the stream cannot be read. */
  readonly begin: (info: StreamInfo) => Promise<void>;
  /** Called before each consumer. Throws if the stream can no longer be read. */
  readonly resume: (info: StreamInfo) => void;
  /** The last message that has arrived. */
  readonly last: () => StreamPlace;
}

/**
 * Creates a consumer that begins after the last message that has arrived. First it checks that the stream is still the same.
 * Resolves with the obstacle, in words, if a retry may help. Rejects if not.
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
    return 'the stream was not found';
  };

  /** A server that lost unsynced messages may have stored others with the same sequences since then. */
  const checkLast = async ({ state }: StreamInfo): Promise<string | undefined> => {
    const { sequence, time } = last();
    if (sequence > state.last_seq)
      return `the stream ends at sequence ${state.last_seq}, before the position ${sequence}`;
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
    throw new StreamConfigError(
      stream,
      `message ${sequence} from ${at(time)}, as it was read`,
      `one from ${at(found)}`,
    );
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
      description: 'jetStreamSource of rx-event-broker',
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
  new StreamUnavailableError(stream, `the server rejected ${operation}: ${reason.description} (${reason.errCode})`);
