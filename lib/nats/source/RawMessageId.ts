const NAME = [...new TextEncoder().encode('\r\nNats-Msg-Id:')];
/** How far before the data the id is searched, in bytes. For longer headers the client must be asked. */
const FARTHEST = 512;
const [CR, LF, SPACE, SLASH, ZERO, NINE, AT, A, F] = [13, 10, 32, 47, 48, 57, 64, 97, 102] as const;
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
  #subjectBytes = new Uint8Array(0);

  /** Reads position and checksum. Returns `false` if there is no id with this subject. */
  read(data: Uint8Array, subject: string): boolean {
    const end = data.byteOffset;
    if (this.#view.buffer !== data.buffer) this.#view = new Uint8Array(data.buffer);
    if (this.#subject !== subject) {
      this.#subject = subject;
      this.#subjectBytes = new TextEncoder().encode(subject);
    }
    const view = this.#view;
    // headers end with an empty line
    if (view[end - 1] !== LF || view[end - 2] !== CR || view[end - 3] !== LF || view[end - 4] !== CR) return false;
    const least = Math.max(0, end - FARTHEST);
    let lineEnd = end - 4;
    for (let at = lineEnd - 1; at >= least; at--) {
      if (view[at] !== LF || view[at - 1] !== CR) continue;
      if (this.#isNameAt(at - 1)) return this.#readValue(at - 1 + NAME.length, lineEnd);
      lineEnd = at - 1;
    }
    return false;
  }

  #isNameAt(at: number): boolean {
    for (let i = 2; i < NAME.length; i++) if (this.#view[at + i] !== NAME[i]) return false;
    return true;
  }

  #readValue(from: number, end: number): boolean {
    const view = this.#view;
    const subject = this.#subjectBytes;
    let at = from;
    while (view[at] === SPACE) at++;
    for (const byte of subject) if (view[at++] !== byte) return false;
    if (view[at++] !== SLASH) return false;
    if (view[at] === ZERO) return false;
    const digits = at;
    let position = 0;
    for (; view[at] !== SLASH; at++) {
      const byte = view[at]!;
      if (byte < ZERO || byte > NINE || at - digits >= MOST_DIGITS) return false;
      position = position * 10 + byte - ZERO;
    }
    const hexEnd = at + 9;
    // `@PLACE` may follow
    if (hexEnd > end || (hexEnd < end && view[hexEnd] !== AT)) return false;
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
