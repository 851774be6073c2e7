const NAME = 'Nats-Msg-Id: ';
/** How far before the data the id is searched, in bytes. For longer headers the client must be asked. */
const FARTHEST = 512;
const [CR, LF, SLASH, ZERO, NINE, AT, A, F] = [13, 10, 47, 48, 57, 64, 97, 102] as const;
/** The most digits of a position. */
const MOST_DIGITS = 16;

/**
 * Reads the id of a message from the bytes before its data, where the NATS clients leave the headers. Decoding all headers of
 * a message would cost more than the rest of its processing.
 *
 *     …\r\nNats-Msg-Id: SUBJECT/POSITION/CHECKSUM@PLACE\r\n…\r\n\r\nDATA
 *
 * The client does not guarantee that layout. So the caller must use the result only if position and checksum are the expected
 * ones. Otherwise it must ask the client for the header.
 */
export class RawMessageId {
  position = 0;
  checksum = 0;
  #view: Uint8Array = new Uint8Array(0);
  #subject = '';
  /** The line of the id up to the position. */
  #line = new Uint8Array(0);
  /** How far before the data the line of the last message began. The next one usually begins there, too. At first: at the empty line. */
  #distance = 4;

  /** Reads position and checksum. Returns `false` if there is no id with this subject. */
  read(data: Uint8Array, subject: string): boolean {
    const end = data.byteOffset;
    if (this.#view.buffer !== data.buffer) this.#view = new Uint8Array(data.buffer);
    if (this.#subject !== subject) {
      this.#subject = subject;
      this.#line = new TextEncoder().encode(`${NAME}${subject}/`);
    }
    const view = this.#view;
    // headers end with an empty line
    if (view[end - 1] !== LF || view[end - 2] !== CR || view[end - 3] !== LF || view[end - 4] !== CR) return false;
    return this.#readLine(view, end - this.#distance) || this.#search(view, end);
  }

  /** Looks at each line before the data, the last one first. */
  #search(view: Uint8Array, end: number): boolean {
    const least = Math.max(0, end - FARTHEST);
    for (let start = end - 4; start > least; start--) {
      if (!this.#readLine(view, start)) continue;
      this.#distance = end - start;
      return true;
    }
    return false;
  }

  /** Returns `false` if no line with the id of this subject begins at `start`. */
  #readLine(view: Uint8Array, start: number): boolean {
    if (view[start - 1] !== LF) return false;
    const line = this.#line;
    let at = start;
    for (const byte of line) if (view[at++] !== byte) return false;
    if (view[at] === ZERO) return false;
    const digits = at;
    let position = 0;
    for (let byte = view[at]!; byte !== SLASH; byte = view[++at]!) {
      // past the end `byte` is undefined, which also fails this test
      if (!(byte >= ZERO && byte <= NINE) || at - digits >= MOST_DIGITS) return false;
      position = position * 10 + byte - ZERO;
    }
    const hexEnd = at + 9;
    // `@PLACE` may follow
    if (view[hexEnd] !== CR && view[hexEnd] !== AT) return false;
    let checksum = 0;
    for (at++; at < hexEnd; at++) {
      const byte = view[at]!;
      if (byte >= ZERO && byte <= NINE) checksum = checksum * 16 + byte - ZERO;
      else if (byte >= A && byte <= F) checksum = checksum * 16 + byte - A + 10;
      else return false;
    }
    this.position = position;
    this.checksum = checksum;
    return true;
  }
}
