import type { Gap } from '../contract/Gap.js';
import type { Noted, Size } from './Size.js';

/** Called with a gap: while it may still grow (`open`), or with its totals. */
export type OnDropped<E> = (gap: Gap<E>, open: boolean) => void;

/** Called with each dropped unit. `isNewest`: it is the one that was just offered. */
export type OnLost<U> = (unit: U, reason: Gap<unknown>['reason'], isNewest: boolean) => void;

/** The queue of a mailbox: waiting units, and the gaps between them. Counts are in events. */
export interface UnitQueue<U, E> {
  readonly events: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly empty: boolean;
  /** The unit that has waited longest. */
  readonly first: U | undefined;
  /** The size of the unit that `shift` returned last. */
  readonly sizeTaken: Size;
  lost?: OnLost<U> | undefined;
  /** Queues `unit`, whatever its size. */
  push(unit: U, events: number, noted: Noted): void;
  /** Queues `unit` if it fits. Returns whether more events wait than before. */
  offer(unit: U, events: number, noted: Noted): boolean;
  /** Removes and returns the next gap to report before `shift`. `most`: how many units are shifted together. */
  takeGap(most?: number): Gap<E> | undefined;
  /** Removes and returns the first unit. */
  shift(): U;
  /** What a close would drop, in order: the gaps that were not reported yet, and the waiting units as one more gap. */
  unreported(): Gap<E>[];
  /** Empties the queue, and returns what was `unreported`. */
  clear(): readonly Gap<E>[];
  /** Whether the first unit may be delivered now. `isFinal`: no more events are worth waiting for. Default: it may. */
  isDue?(isFinal: boolean): boolean;
  /** Whether waiting events are not due, and gather more. */
  readonly isGathering?: boolean;
  /** Makes everything that waits due now. */
  flush?(): void;
}

/** A queue of single events. */
export interface EventQueue<E> extends UnitQueue<E, E> {
  /** Whether the first event may join the batch of the one just taken. */
  readonly isJoined: boolean;
}

/** How single events wait: what is recorded about each when it is offered, and the queue. */
export interface EventQueues<E> {
  readonly note: (event: E) => Noted;
  readonly open: (onDropped: OnDropped<E>) => EventQueue<E>;
}
