import { type MonoTypeOperatorFunction, type NextObserver, tap } from 'rxjs';
import type { Notice } from 'rx-event-broker';
import { blockOf } from 'rx-event-broker/vega';

/** Keeps the place in the recorded files, because a decoder sees only a message. */
export interface Bookmark {
  /** For `bufferFiles`, which calls it until a block has begun. So it also sees the messages that are left out. */
  readonly blockOf: typeof blockOf;
  /** Sees the messages that are not left out. */
  readonly turn: MonoTypeOperatorFunction<Uint8Array>;
  /** For `bufferFiles`, which reports the file before its messages. */
  readonly notices: NextObserver<Notice>;
  /** Records so far. */
  records(): number;
  /** File and offset of the last record, in bytes; of a gzipped file, in unpacked bytes. */
  place(): string;
}

/** Bytes of a record before its message: size and number, see docs/formats.md. */
const headerBytes = 12;

export const bookmark = (tell: (notice: Notice) => void): Bookmark => {
  let file = '';
  let offset = 0;
  let next = 0;
  let records = 0;
  let begun = false;
  const turn = ({ length }: Uint8Array): void => {
    records++;
    offset = next;
    next += headerBytes + length;
  };
  return {
    blockOf(message) {
      const where = blockOf(message);
      begun ||= where.begins;
      if (!begun) turn(message);
      return where;
    },
    turn: tap(turn),
    notices: {
      next(notice) {
        if (notice.type === 'Progress' && notice.file !== file) {
          file = notice.file;
          next = 0;
        }
        tell(notice);
      },
    },
    records: () => records,
    place: () => `${file}, offset ${offset}`,
  };
};
