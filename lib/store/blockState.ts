import type { BlockProgress, StoredBlock } from './blocks.js';

/**
 * How far a stream of blocks has got.
 *
 * ```text
 *                    begin (stored already)                    end
 *   waiting ───────────────────────────────► skipping ─────────────────► passed, or between
 *   passed, between                                                      if a block was opened before
 *      │
 *      │ begin (next, or twin)                                 end
 *      └───────────────────────────────────► open ─────────────────────► between ── upgradeStarted ──► upgraded
 * ```
 * 1. A transaction is open in `open`, and only there.
 * 2. `progress` is what is committed when the steps so far have finished; it does not include an open block.
 * 3. `snapshotTaken` belongs to the open block, or to the next one if none is open; it is false while skipping.
 * 4. `waiting` handles a core snapshot and the start of an upgrade at the height of the last stored block, since a source
 *    that resumes right after a commit begins with them.
 */
export interface BlockState {
  readonly progress: BlockProgress | undefined;
  /** The height at which an empty store begins. */
  readonly firstHeight: number;
  readonly snapshotTaken: boolean;
  readonly phase: BlockPhase;
}

type BlockPhase =
  | { readonly at: 'waiting' | 'passed' | 'between' | 'upgraded' }
  /** `then` is the phase after the end of the skipped block. */
  | { readonly at: 'skipping'; readonly then: 'passed' | 'between' }
  | { readonly at: 'open'; readonly block: StoredBlock; readonly epoch: boolean };

/** The state of a new subscription, from what the store holds. */
export const blockState = (progress: BlockProgress | undefined, firstHeight: number): BlockState => ({
  progress,
  firstHeight,
  snapshotTaken: false,
  phase: { at: 'waiting' },
});
