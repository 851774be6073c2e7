import { crc32 } from 'node:zlib';

/** The parts of a message id (promise J11: a reader checks each message). */
export interface MessageId {
  /** The subject that the message was published to. */
  readonly subject: string;
  /** The number of the message in its subject: 1, 2, 3, … without gaps. */
  readonly position: number;
  /** CRC-32 of the data. */
  readonly checksum: number;
  /** The place of the value in the source of the sink, if `placeOf` is set. Values up to the last stored place are skipped. */
  readonly place?: bigint;
}

/**
 * The `Nats-Msg-Id` of a message: `SUBJECT/POSITION/CHECKSUM` or `SUBJECT/POSITION/CHECKSUM@PLACE`. The server uses it to
 * deduplicate. A reader uses it to detect messages that are lost, damaged or foreign.
 */
export const messageIdOf = (subject: string, position: number, data: Uint8Array, place?: bigint): string => {
  const id = `${subject}/${position}/${crc32(data).toString(16).padStart(8, '0')}`;
  return place === undefined ? id : `${id}@${place}`;
};

const FORM = /^(.+)\/([1-9]\d{0,15})\/([0-9a-f]{8})(?:@(\d{1,39}))?$/;

/** Returns `undefined` if `id` was not made by a sink. */
export const parseMessageId = (id: string): MessageId | undefined => {
  const [, subject, position, checksum, place] = FORM.exec(id) ?? [];
  if (subject === undefined || position === undefined || checksum === undefined) return undefined;
  return {
    subject,
    position: Number(position),
    checksum: Number.parseInt(checksum, 16),
    ...(place !== undefined && { place: BigInt(place) }),
  };
};

/** Whether the data matches the checksum of its id. */
export const isIntact = ({ checksum }: MessageId, data: Uint8Array): boolean => crc32(data) === checksum;
