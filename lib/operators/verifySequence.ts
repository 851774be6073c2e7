import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Position } from '../event/Position.js';
import { SequenceGapError } from './SequenceGapError.js';

/** What is checked: a position, and how many records an event stands for. */
type Sequenced = AnyEvent &
  Position & {
    /** How many records the event stands for; the next `sequence` is this one's plus this. */
    readonly compositeCount: number;
  };

/**
 * Passes events that follow one another without a gap. The first that does not is a `SequenceGapError`.
 *
 *     source            a-b-d-|      d's sequence is not b's plus b's composite count
 *     verifySequence    a-b-#
 *
 * The rule (promise F6): the first event may be at any height, but has sequence 1. Each later one is either in the same
 * block, with the previous event's sequence plus its `compositeCount`, or in the next block with sequence 1. The first
 * block may come twice in a row: genesis or checkpoint, then the real block.
 *
 * @example
 * ```ts
 * events$.pipe(verifyChain('main'), verifySequence());
 * ```
 * @see node_modules/rx-event-broker/docs/operators/verifySequence.md
 */
export const verifySequence =
  <E extends Sequenced>(): MonoTypeOperatorFunction<E> =>
  source =>
    defer(() => {
      // numbers, not the event: that may be changed downstream, and holds the bytes that it was decoded from
      let lastBlock: number | undefined;
      let lastSequence = 0;
      let next = 1;
      // the block that may begin a second time: the first one, until another block or its second start comes
      let repeatable: number | undefined;
      return source.pipe(
        map(event => {
          const { blockNr, sequence, compositeCount } = event;
          const doesContinue = lastBlock === blockNr && sequence === next;
          if (!doesContinue) {
            const doesBegin = lastBlock === undefined || blockNr === lastBlock + 1 || blockNr === repeatable;
            if (!doesBegin || sequence !== 1) throw new SequenceGapError(last(), { blockNr, sequence }, expected());
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
        const again = repeatable === undefined ? '' : `, or block ${repeatable} once more from 1`;
        return `${lastBlock}-${next} or ${lastBlock + 1}-1${again}`;
      }
    });
