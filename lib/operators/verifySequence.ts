import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Position } from '../event/Position.js';
import { SequenceGapError } from './SequenceGapError.js';

type Sequenced = AnyEvent & Position & { readonly compositeCount: number };

/**
 * Passes events that follow one another without a gap; ends with a `SequenceGapError` at the first that does not.
 *
 *     source            a-b-d-|      d's sequence is not b's plus b's composite count
 *     verifySequence    a-b-#
 *
 * The rule (promise F6): the first event may be at any height but has sequence 1. Then either the same block, with the
 * previous event's sequence plus its `compositeCount`; or the next block with sequence 1. The first block may come
 * twice, directly one after the other: genesis or checkpoint, then the real block.
 */
export const verifySequence =
  <E extends Sequenced>(): MonoTypeOperatorFunction<E> =>
  source =>
    defer(() => {
      let last: Position | undefined;
      let next = 1;
      // the block that may begin once more: the first one, while we are in its first coming
      let repeatable: number | undefined;
      return source.pipe(
        map(event => {
          const { blockNr, sequence } = event;
          const continues = last?.blockNr === blockNr && sequence === next;
          if (!continues) {
            const begins = last === undefined || blockNr === last.blockNr + 1 || blockNr === repeatable;
            if (!begins || sequence !== 1) throw new SequenceGapError(position(last), position(event), expected());
            repeatable = last === undefined ? blockNr : undefined;
          }
          last = event;
          next = sequence + event.compositeCount;
          return event;
        }),
      );

      function expected(): string {
        if (last === undefined) return 'sequence 1';
        const again = repeatable === undefined ? '' : `, or block ${String(repeatable)} once more from 1`;
        return `${String(last.blockNr)}-${String(next)} or ${String(last.blockNr + 1)}-1${again}`;
      }
    });

function position(of: Position): Position;
function position(of: Position | undefined): Position | undefined;
function position(of: Position | undefined): Position | undefined {
  return of && { blockNr: of.blockNr, sequence: of.sequence };
}
