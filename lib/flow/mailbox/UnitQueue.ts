import type { Gap } from '../contract/Gap.js';
import type { Noted, Size } from './Size.js';

/** Where what does not fit is told: what a gap holds so far (`open`), or its totals. */
export type OnDropped<E> = (gap: Gap<E>, open: boolean) => void;

/** Sees each unit that is dropped. `isNewest`: it is the one that was just offered. */
export type OnLost<U> = (unit: U, reason: Gap<unknown>['reason'], isNewest: boolean) => void;

/** What waits in a mailbox, and the gaps that were left between. Counts are in events. */
export interface UnitQueue<U, E> {
  readonly events: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly empty: boolean;
  /** What waits longest. */
  readonly first: U | undefined;
  /** The size of what was taken out last. */
  readonly sizeTaken: Size;
  lost?: OnLost<U> | undefined;
  /** Takes `unit`, whatever its size. */
  push(unit: U, events: number, noted: Noted): void;
  /** Takes `unit` where it fits. Says whether more waits than before. */
  offer(unit: U, events: number, noted: Noted): boolean;
  /** Takes out the next gap that is to be told before `shift`, which may take out up to `most` units. */
  takeGap(most?: number): Gap<E> | undefined;
  /** Takes the first out. */
  shift(): U;
  /** What a close drops, in order: the gaps that are still open, and what waits. */
  untold(): Gap<E>[];
  /** Empties it, and gives what was `untold`. */
  clear(): readonly Gap<E>[];
  /** Whether the first may be delivered now; `isFinal`: there is nothing to wait for. Default: it may. */
  isDue?(isFinal: boolean): boolean;
  /** Whether something waits for more, and is not due. */
  readonly isGathering?: boolean;
  /** What waits now is due. */
  flush?(): void;
}

/** A queue of single events, which knows whether its first may be delivered together with those before it. */
export interface EventQueue<E> extends UnitQueue<E, E> {
  readonly isJoined: boolean;
}

/** How single events wait: what is noted of each when it comes, and where. */
export interface EventQueues<E> {
  readonly note: (event: E) => Noted;
  readonly open: (onDropped: OnDropped<E>) => EventQueue<E>;
}
