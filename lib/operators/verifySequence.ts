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
      // numbers, not the event: it may be changed downstream, and keeps the bytes that it came from alive
      let lastBlock: number | undefined;
      let lastSequence = 0;
      let next = 1;
      // the block that may begin once more: the first one, while we are in its first coming
      let repeatable: number | undefined;
      return source.pipe(
        map(event => {
          const { blockNr, sequence, compositeCount } = event;
          const continues = lastBlock === blockNr && sequence === next;
          if (!continues) {
            const begins = lastBlock === undefined || blockNr === lastBlock + 1 || blockNr === repeatable;
            if (!begins || sequence !== 1) throw new SequenceGapError(last(), { blockNr, sequence }, expected());
            repeatable = lastBlock === undefined ? blockNr : undefined;
          }
          lastBlock = blockNr;
          lastSequence = sequence;
          next = sequence + compositeCount;
          return event;
        }),
      );

      function last(): Position | undefined {
        return lastBlock === undefined ? undefined : { blockNr: lastBlock, sequence: lastSequence };
      }

      function expected(): string {
        if (lastBlock === undefined) return 'sequence 1';
        const again = repeatable === undefined ? '' : `, or block ${String(repeatable)} once more from 1`;
        return `${String(lastBlock)}-${String(next)} or ${String(lastBlock + 1)}-1${again}`;
      }
    });
