import type { Position } from '../event/Position.js';
import { seeDocs } from '../event/seeDocs.js';
import { shownText } from '../event/shown.js';

/**
 * An event does not follow the one before it: one is missing, repeated or out of order (promise F6).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#sequencegaperror
 */
export class SequenceGapError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'SequenceGapError';
  /** The position of the last event in order; `undefined` if the first event is wrong. */
  readonly last: Position | undefined;
  /** The position of the event that was found. */
  readonly received: Position;

  constructor(last: Position | undefined, received: Position, expected: string) {
    const after = last === undefined ? 'at the start' : `after event ${at(last)}`;
    super(seeDocs('SequenceGapError', `${after}: expected ${expected}, found ${at(received)}`));
    this.last = last;
    this.received = received;
  }
}

const at = ({ blockNr, sequence }: Position): string => `${shownText(blockNr)}-${shownText(sequence)}`;
