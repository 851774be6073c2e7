import type { Tally } from '../contract/Tally.js';
import type { FirstTry } from './Outcome.js';

/** What delivers to one consumer: a `Mailbox`, or what a strategy puts in its place. */
export interface MailboxEngine<U> {
  readonly offered: number;
  readonly pending: number;
  /** How many events, from the first, have finished. */
  readonly settled: number;
  readonly saturated: boolean;
  readonly held: boolean;
  tally(): Tally;
  offer(unit: U, isLast?: boolean): void;
  /** Takes over a delivery that has begun. What needs a mailbox from the beginning has none. */
  adopt?(unit: U, first: FirstTry, isLast: boolean): void;
  hold(held: boolean): void;
  /** Nothing is held, or waits for more, from now on. */
  release(): void;
  /** Delivers what waits for more. */
  flush?(): void;
  end(isToCome?: boolean): void;
  close(): void;
}
