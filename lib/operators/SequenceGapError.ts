import type { Position } from '../event/Position.js';
import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/** An event that cannot follow the one before it (promise F6). */
export class SequenceGapError extends Error {
  override readonly name = 'SequenceGapError';
  /** The last event that was in order; `undefined` where the first one is wrong already. */
  readonly last: Position | undefined;
  readonly received: Position;

  constructor(last: Position | undefined, received: Position, expected: string) {
    const after = last === undefined ? 'at the start' : `after event ${at(last)}`;
    super(seeDocs('SequenceGapError', `${after}: expected ${expected}, found ${at(received)}`));
    this.last = last;
    this.received = received;
  }
}

const at = ({ blockNr, sequence }: Position): string => `${shownText(blockNr)}-${shownText(sequence)}`;
