import type { Tally } from '../contract/Tally.js';
import type { FirstTry } from './Outcome.js';

/** Delivers to one consumer: a `Mailbox`, or the replacement of a strategy, such as `LaneMailbox`. */
export interface MailboxEngine<U> {
  readonly offered: number;
  readonly pending: number;
  /** Number of events, counted from the first, that have ended. An event counts only after all earlier ones. */
  readonly settled: number;
  readonly saturated: boolean;
  readonly held: boolean;
  tally(): Tally;
  offer(unit: U, isLast?: boolean): void;
  /** Takes over a delivery that has begun. Absent in an engine that is used from the beginning. */
  adopt?(unit: U, first: FirstTry, isLast: boolean): void;
  hold(held: boolean): void;
  /** From now on nothing is held, and no event waits for more to gather. */
  release(): void;
  /** Delivers events that are gathering more. */
  flush?(): void;
  end(isToCome?: boolean): void;
  close(): void;
}
