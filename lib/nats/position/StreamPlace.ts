/** A place in a stream: a message, and all before it. */
export interface StreamPlace {
  /** The sequence of the message; 0 if there is none before it. */
  readonly sequence: number;
  /** When it was stored, in ms since 1970; unknown if the message was not read. */
  readonly time?: number | undefined;
  /** Its subject. */
  readonly subject?: string | undefined;
  /** The position of its id. */
  readonly position?: number | undefined;
}

/** A place, and the stream that it is in. */
export interface StoredPlace extends StreamPlace {
  readonly stream: string;
  /** When the stream was created, as the server says it: another stream may have had its name. */
  readonly created: string;
}

/** A `PositionStore` takes 4 KiB. A subject that is longer than this is left out, and its position with it. */
const LONGEST_SUBJECT = 2048;

export const placeToText = (stream: string, created: string, place: StreamPlace): string => {
  const { sequence, time, subject, position } = place;
  const id = position !== undefined && (subject?.length ?? 0) <= LONGEST_SUBJECT ? { subject, position } : {};
  return JSON.stringify({ stream, created, sequence, time, ...id });
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `undefined`: it is not a place that was stored. */
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
