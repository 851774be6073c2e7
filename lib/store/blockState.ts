import type { BlockProgress, StoredBlock } from './blocks.js';

/**
 * Where a stream of blocks stands.
 *
 * ```text
 *                    begin (stored already)                    end
 *   waiting ───────────────────────────────► skipping ─────────────────► passed, or between
 *   passed, between                                                      where a block was opened before
 *      │
 *      │ begin (next, or twin)                                 end
 *      └───────────────────────────────────► open ─────────────────────► between ── upgradeStarted ──► upgraded
 * ```
 * 1. A transaction is open in `open`, and only there.
 * 2. `progress` is what is committed once the steps so far are done; in `open` it does not hold the open block.
 * 3. `snapshotTaken` belongs to the open block in `open`, to the next one outside; it is false while skipping.
 * 4. `waiting` obeys a core snapshot and an upgrade's start at the height of the last stored block: a source that resumes
 *    right after a commit begins with them.
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
  /** `then` is where the end of the skipped block leads to. */
  | { readonly at: 'skipping'; readonly then: 'passed' | 'between' }
  | { readonly at: 'open'; readonly block: StoredBlock; readonly epoch: boolean };

/** The state of a new subscription, from what the store holds. */
export const blockState = (progress: BlockProgress | undefined, firstHeight: number): BlockState => ({
  progress,
  firstHeight,
  snapshotTaken: false,
  phase: { at: 'waiting' },
});
