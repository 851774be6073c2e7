import { crc32 } from 'node:zlib';

/** What the id of a message tells (promise J11). */
export interface MessageId {
  /** The subject that it was written to. */
  readonly subject: string;
  /** Its number among the messages of that subject, from 1, without a hole. */
  readonly position: number;
  /** CRC-32 of its data. */
  readonly checksum: number;
  /** Its place in the source of the sink, if the sink knows it: what is not after that of the last message is stored. */
  readonly place?: bigint;
}

/**
 * The id that a sink gives a message, `SUBJECT/POSITION/CHECKSUM` or `SUBJECT/POSITION/CHECKSUM@PLACE` (`Nats-Msg-Id`):
 * the server recognises a repeat by it, and a reader a message that is lost, damaged or somebody else's.
 */
export const messageIdOf = (subject: string, position: number, data: Uint8Array, place?: bigint): string => {
  const id = `${subject}/${position}/${crc32(data).toString(16).padStart(8, '0')}`;
  return place === undefined ? id : `${id}@${place}`;
};

const FORM = /^(.+)\/([1-9]\d{0,15})\/([0-9a-f]{8})(?:@(\d{1,39}))?$/;

/** `undefined`: it is not the id of a sink. */
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

/** Whether the data is what the id was made for. */
export const isIntact = ({ checksum }: MessageId, data: Uint8Array): boolean => crc32(data) === checksum;
