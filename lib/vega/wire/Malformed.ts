/** Bytes that are no sound protobuf. Never leaves `vega/`: there it becomes a `DecodeError` that says in which event. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** The field in which it was found, where that is known. */
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
