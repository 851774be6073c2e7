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
/** Further instants at which an owner is stopped past its lease. */
const LATE = ['commit sent', 'before raise', 'row sent', 'committed'] as const;

/** What happens to one owner; in the end each one is killed. */
export type Trouble =
  | { readonly what: 'killed at'; readonly step: StepName }
  | { readonly what: 'frozen at'; readonly step: StepName }
  | { readonly what: 'killed' | 'killed beside the server' };

/** Each step, each instant to be frozen at, random moments, and the server now and then. */
const TURN: readonly Trouble[] = [
  ...STEPS.map(step => ({ what: 'killed at', step }) as const),
  { what: 'frozen at', step: 'before move' },
  { what: 'killed beside the server' },
  { what: 'killed' },
  { what: 'frozen at', step: 'moved' },
  ...LATE.map(step => ({ what: 'frozen at', step }) as const),
  ...Array.from({ length: 19 }, () => ({ what: 'killed' }) as const),
  { what: 'killed beside the server' },
];

/** The troubles of `count` kills: turn after turn. */
export const troublesOf = (count: number): readonly Trouble[] =>
  Array.from({ length: count }, (_, i) => TURN[i % TURN.length]!);

/** The steps at which, by what the owners said, nobody was killed, and the instants at which nobody was frozen. */
export const neverMet = (met: ReadonlyMap<string, number>): readonly string[] =>
  [
    ...STEPS.map(step => `killed at ${step}`),
    ...(['before move', 'moved', ...LATE] as const).map(step => `frozen at ${step}`),
    'killed beside the server',
    'killed',
  ].filter(what => !met.has(what));

/** So many kills meet everything. */
export const ENOUGH = TURN.length;
