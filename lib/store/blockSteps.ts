import { left, right, type Either } from '../event/Either.js';
import { escaped } from '../event/shown.js';
import type { BlockMark, CommittedBlock, StoredBlock } from './blocks.js';
import { BlockOrderError } from './errors.js';
import type { BlockState } from './blockState.js';
import { placeOfBlock, progressWith } from './progress.js';

/**
 * What to do about an event.
 *
 * - `ignore`: nothing. `deliver`: give it to the subscribers of its type.
 * - `begin`: open the block, then deliver. `commit`: deliver, flush and commit; refresh the views if `epoch`; emit.
 * - `upgrade`: call the handler with the last height, then complete.
 */
export type BlockStep =
  | { readonly do: 'ignore' | 'deliver' }
  | { readonly do: 'begin'; readonly block: StoredBlock }
  | { readonly do: 'commit'; readonly block: Omit<CommittedBlock, 'chainId'>; readonly epoch: boolean }
  | { readonly do: 'upgrade'; readonly height: number };

/** The state after the event, and what to do about it. */
export interface BlockTransition {
  readonly state: BlockState;
  readonly step: BlockStep;
}

const IGNORE: BlockStep = { do: 'ignore' };
const DELIVER: BlockStep = { do: 'deliver' };

/**
 * The rules of blocks (promises S1 and S3–S6) as a pure function: from a state and the mark of an event to the next state
 * and a step. `type` is the type of the event, for the error.
 */
export const blockSteps = (
  state: BlockState,
  mark: BlockMark,
  type?: string,
): Either<BlockOrderError, BlockTransition> => {
  switch (state.phase.at) {
    case 'open':
      return inBlock(state, mark, state.phase, type);
    case 'upgraded':
      return ignore(state);
    default:
      return mark.kind === 'begin' ? beginBlock(state, mark, type) : outsideBlock(state, mark, type);
  }
};

const ignore = (state: BlockState): Either<never, BlockTransition> => right({ state, step: IGNORE });

const wrong = (
  state: BlockState,
  { height }: BlockMark,
  type: string | undefined,
  expected: string,
  found: string,
): Either<BlockOrderError, never> => {
  const what = type === undefined ? found : `${found} (${escaped(type)})`;
  return left(new BlockOrderError({ expected, found: what, height, type, lastHeight: state.progress?.height }));
};

const KINDS = {
  begin: 'a begin-block',
  end: 'an end-block',
  epoch: 'an epoch update',
  snapshot: 'a core snapshot',
  upgradeSnapshot: 'a core snapshot',
  upgradeStarted: 'the start of a protocol upgrade',
  other: 'an event',
} as const;

const named = (kind: BlockMark['kind'], height: number): string => `${KINDS[kind]} at height ${height}`;

const beginBlock = (
  state: BlockState,
  mark: BlockMark,
  type: string | undefined,
): Either<BlockOrderError, BlockTransition> => {
  const { progress, firstHeight, phase } = state;
  const hash = mark.hash.toLowerCase();
  const place = placeOfBlock(progress, firstHeight, mark.height, hash);
  if (place === 'stored') {
    const hasStarted = phase.at === 'between' || (phase.at === 'skipping' && phase.then === 'between');
    return ignore({
      ...state,
      snapshotTaken: false,
      phase: { at: 'skipping', then: hasStarted ? 'between' : 'passed' },
    });
  }
  const next = progress === undefined ? firstHeight : progress.height + 1;
  if (place === 'wrong')
    return wrong(state, mark, type, named('begin', next), `${named('begin', mark.height)}, hash ${escaped(hash)}`);
  if (mark.time === undefined) return wrong(state, mark, type, `the time of ${named('begin', mark.height)}`, 'none');
  const block = { height: mark.height, hash, time: mark.time - (mark.time % 1000n) };
  return right({ state: { ...state, phase: { at: 'open', block, epoch: false } }, step: { do: 'begin', block } });
};

const outsideBlock = (
  state: BlockState,
  mark: BlockMark,
  type: string | undefined,
): Either<BlockOrderError, BlockTransition> => {
  const { phase, progress } = state;
  if (phase.at === 'skipping') {
    return ignore(mark.kind === 'end' ? { ...state, phase: { at: phase.then } } : state);
  }
  // A source that resumes right after the last commit first emits the events that follow that block.
  const isResumed = phase.at === 'waiting' && mark.height === progress?.height;
  if (phase.at === 'waiting' && !isResumed) return ignore(state);
  // The events so far were inside that block, and were counted for it.
  if (isResumed && mark.kind === 'end') return ignore({ ...state, snapshotTaken: false });
  if (mark.kind === 'snapshot') return ignore({ ...state, snapshotTaken: true });
  if (phase.at === 'passed' || mark.kind === 'upgradeSnapshot') return ignore(state);
  if (mark.kind === 'upgradeStarted' && progress !== undefined) {
    return right({ state: { ...state, phase: { at: 'upgraded' } }, step: { do: 'upgrade', height: progress.height } });
  }
  if (isResumed) return ignore(state);
  return wrong(
    state,
    mark,
    type,
    'a begin-block, a core snapshot or the start of a protocol upgrade',
    `${named(mark.kind, mark.height)} between blocks`,
  );
};

const inBlock = (
  state: BlockState,
  mark: BlockMark,
  open: Extract<BlockState['phase'], { readonly at: 'open' }>,
  type: string | undefined,
): Either<BlockOrderError, BlockTransition> => {
  const { block } = open;
  switch (mark.kind) {
    case 'other':
    case 'upgradeSnapshot':
      return right({ state, step: DELIVER });
    case 'epoch':
      return right({ state: open.epoch ? state : { ...state, phase: { ...open, epoch: true } }, step: DELIVER });
    case 'snapshot':
      return right({ state: { ...state, snapshotTaken: true }, step: DELIVER });
    case 'begin':
    case 'upgradeStarted':
      break;
    case 'end':
      if (mark.height !== block.height) break;
      return right({
        state: {
          ...state,
          progress: progressWith(state.progress, block.height, block.hash),
          snapshotTaken: false,
          phase: { at: 'between' },
        },
        step: { do: 'commit', block: { ...block, snapshotTaken: state.snapshotTaken }, epoch: open.epoch },
      });
  }
  return wrong(
    state,
    mark,
    type,
    `an event of the open block or ${named('end', block.height)}`,
    named(mark.kind, mark.height),
  );
};
