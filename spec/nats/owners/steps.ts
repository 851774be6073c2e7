/**
 * Where an owner can be stopped or killed, in the order of its life.
 *
 *     lease taken   the table of leases names it; nothing else has happened
 *     raise …       the statement that raises the epoch and reads the progress
 *     row sent      a row of an open block is on its way
 *     move …        the statement that compares the epoch, and moves progress and position
 *     commit sent   COMMIT is on its way; `committed`: its answer has come, and nothing else has happened
 *     asked, left   a partition that moves: its work was asked to stop; it has ended, and the lease is not released
 */
export const STEPS = [
  'lease taken',
  'before raise',
  'raise sent',
  'raised',
  'row sent',
  'before move',
  'move sent',
  'moved',
  'commit sent',
  'committed',
  'asked',
  'left',
] as const;
export type StepName = (typeof STEPS)[number];

/** Steps that come when a partition is taken: of an owner that is new. */
export const TAKING: readonly StepName[] = ['lease taken', 'before raise', 'raise sent', 'raised'];
/** Steps that come when another owner is new. */
export const LEAVING: readonly StepName[] = ['asked', 'left'];
/** Where it makes a difference that an owner wakes up late. `moved`: between the last statement and COMMIT. */
export const FREEZES = ['before move', 'moved', 'commit sent', 'before raise', 'row sent', 'committed'] as const;
