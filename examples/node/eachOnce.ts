import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';
import { SequenceGapError } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';
import { isStored, type Progress, withBlock } from './progress.js';

/** The first block of a chain, as for `storeBlocks`. */
const FIRST_HEIGHT = 1;
/** Of the events after a gap, the first is reported, and then one in this many. */
const ANNOUNCED = 10_000;

interface Block {
  readonly height: number;
  readonly hash: string;
  /** How many of its events were passed on. */
  readonly passed: number;
  /** The sequence number of the next event. */
  readonly next: number;
  readonly ended: boolean;
}

/**
 * Passes on every event of every block once and in order, although a core that lost its connection starts a block again. Events
 * that are stored or were already passed on are dropped. At a gap, `gap` is called, and the stream waits for the missing event.
 *
 *     1 stored     core   2a 2b 2c 3a ✂ 2a 2b 2c 3a 3b 3d 4a ✂ 3a 3b 3c
 *     eachOnce            2a 2b 2c 3a             3b gap             3c
 *
 * A core begins with a begin-block, and a block is the same each time, so its events are counted. A sequence number is not
 * enough, because an event that stands for no records has the same number as the next one.
 */
export const eachOnce =
  (stored: Progress, gap: (error: SequenceGapError) => void): MonoTypeOperatorFunction<VegaEvent> =>
  source =>
    defer(() => {
      let progress = stored;
      let block: Block | undefined;
      /** The last block that began, and the number of an event in it. A block without its begin cannot be counted. */
      let begun = '';
      let at = 0;
      let outOfLine = 0;
      return source.pipe(
        filter(event => {
          const { type, blockNr: height, sequence } = event;
          const hash = event.traceId.toLowerCase();
          const key = `${height} ${hash}`;
          if (type === 'BeginBlock') begun = key;
          at = type === 'BeginBlock' ? 1 : at + 1;
          const isCounted = begun === key || type === 'ProtocolUpgradeStarted';
          const inBlock = block?.height === height && block.hash === hash ? block : undefined;
          const isRepeat =
            inBlock === undefined ? isStored(progress, { height, hash }) : isCounted && at <= inBlock.passed;
          const follows =
            inBlock === undefined ? begins(event, progress, block) : isCounted && continues(event, inBlock);
          if (!isRepeat && !follows) {
            const isBeforeAll = block === undefined && type !== 'BeginBlock';
            if (!isBeforeAll && outOfLine++ % ANNOUNCED === 0) gap(gapBefore(event, progress, block));
            return false;
          }
          outOfLine = 0;
          if (isRepeat) return false;
          const ended = type === 'EndBlock' || type === 'ProtocolUpgradeStarted' || inBlock?.ended === true;
          // not `at`: if the begin of a repeated block is lost, `at` continues from the previous connection
          block = { height, hash, passed: (inBlock?.passed ?? 0) + 1, next: sequence + event.compositeCount, ended };
          if (type === 'EndBlock') progress = withBlock(progress, { height, hash });
          return true;
        }),
      );
    });

const begins = (event: VegaEvent, progress: Progress, block: Block | undefined): boolean => {
  if (event.sequence !== 1 || block?.ended === false) return false;
  if (event.type === 'ProtocolUpgradeStarted') return event.blockNr === (progress?.height ?? NaN) + 1;
  if (event.type !== 'BeginBlock') return false;
  if (progress === null) return event.blockNr === FIRST_HEIGHT;
  const { firstHeight, height, hashes } = progress;
  // the first one may come twice
  return event.blockNr === height + 1 || (event.blockNr === height && height === firstHeight && hashes.length === 1);
};

const continues = ({ type, sequence }: VegaEvent, { next, ended }: Block): boolean =>
  sequence === next && (ended ? type === 'SnapshotTaken' : type !== 'ProtocolUpgradeStarted');

const gapBefore = (
  { blockNr, sequence }: VegaEvent,
  progress: Progress,
  block: Block | undefined,
): SequenceGapError => {
  const last = block && { blockNr: block.height, sequence: block.next - 1 };
  const expected =
    block?.ended === false
      ? `${block.height}-${block.next}`
      : `the begin of block ${progress === null ? FIRST_HEIGHT : progress.height + 1}`;
  return new SequenceGapError(last, { blockNr, sequence }, expected);
};
