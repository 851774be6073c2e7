import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Position } from '../event/Position.js';
import { SequenceGapError } from './SequenceGapError.js';

/** The fields that are checked: a position, and how many records an event stands for. */
type Sequenced = AnyEvent &
  Position & {
    /** How many records the event stands for. The `sequence` of the next event is `sequence` plus `compositeCount`. */
    readonly compositeCount: number;
  };

/**
 * Passes events that follow one another without a gap. At the first event that does not, it errors with a
 * `SequenceGapError`.
 *
 *     source            a-b-d-|      the sequence of d is not that of b plus b's `compositeCount`
 *     verifySequence    a-b-#
 *
 * The rule (promise F6): the first event may be at any height, and has sequence 1. Each later event is either in the same
 * block, with the previous event's sequence plus its `compositeCount`; or in the next block, with sequence 1. Exception:
 * the first block may come twice in a row, as genesis or checkpoint and then as the real block.
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
      // keeps numbers, not the event, which may be changed downstream and retains the bytes that it was decoded from
      let lastBlock: number | undefined;
      let lastSequence = 0;
      let next = 1;
      // the block that may begin a second time: the first one, until that happens or another block begins
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
