/** A place in a stream: a message and all messages before it. */
export interface StreamPlace {
  /** The sequence of the message. 0 for the place before the first message. */
  readonly sequence: number;
  /** When the message was stored, in ms since 1970. Absent if the message was not read. */
  readonly time?: number | undefined;
  /** The subject of the message. */
  readonly subject?: string | undefined;
  /** The position in the id of the message. */
  readonly position?: number | undefined;
}

/** A place with its stream. */
export interface StoredPlace extends StreamPlace {
  readonly stream: string;
  /** When the stream was created, in the words of the server. It identifies a stream that was deleted and created again. */
  readonly created: string;
}

/** A `PositionStore` accepts 4 KiB. If the subject is longer than this, subject and position are omitted. */
const LONGEST_SUBJECT = 2048;

export const placeToText = (stream: string, created: string, place: StreamPlace): string => {
  const { sequence, time, subject, position } = place;
  const id = position !== undefined && (subject?.length ?? 0) <= LONGEST_SUBJECT ? { subject, position } : {};
  return JSON.stringify({ stream, created, sequence, time, ...id });
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Returns `undefined` if the text was not written by `placeToText`. */
export const placeFromText = (text: string): StoredPlace | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { stream, created, sequence, time, subject, position } = value as Readonly<Record<string, unknown>>;
  if (typeof stream !== 'string' || typeof created !== 'string' || !isCount(sequence)) return undefined;
  if (time !== undefined && !isCount(time)) return undefined;
  if (typeof subject !== 'string' || !isCount(position)) return { stream, created, sequence, time };
  return { stream, created, sequence, time, subject, position };
};
