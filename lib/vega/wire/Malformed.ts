/** Bytes are not valid protobuf. Used inside `vega/` only; users get a `DecodeError`, which also names the event. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** The field, if it is known. */
  field: string | undefined;

  constructor(
    readonly expected: string,
    readonly found: string,
    field?: string,
  ) {
    super(`expected ${expected}, found ${found}`);
    this.field = field;
  }
}

export const isMalformed = (error: unknown): error is Malformed => error instanceof Error && error.name === 'Malformed';
