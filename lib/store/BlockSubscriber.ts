import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Work } from '../flow/Work.js';

/**
 * Who keeps the events of some types: called inside the transaction of their block, one event at a time, in order.
 *
 * What it returns is waited for; what it throws, or fails with, fails the block, or under `onFailure: 'continue'` just
 * this delivery (promise S7). They are called as members, so a class will do.
 */
export interface BlockSubscriber<E extends AnyEvent, T, Tx> {
  /** For errors and notices. Default: its types. */
  readonly name?: string;
  /** `All` for every event. */
  readonly types: readonly T[];
  /**
   * A block begins; `time` is its time, in Unix ns, cut to the microsecond. Whatever is left of a block before it was
   * rolled back: forget it. Work that it returns is waited for.
   */
  readonly beginBlock?: (time: bigint) => unknown;
  /**
   * An event of its types. Mostly it just remembers something for `flush`, and returns nothing. Who writes returns the
   * Promise of it: that is how the store knows that there is something to wait for, or to undo.
   */
  readonly next: (event: EventOf<E, T>, tx: Tx) => Work;
  /** The block's end-block was delivered: write what was remembered. */
  readonly flush?: (tx: Tx) => Work;
  /**
   * Under `onFailure: 'continue'`, after a `flush` or a `next` of its that failed and was undone: the same work in parts,
   * each tried under a savepoint of its own, those that fail announced with their events.
   */
  readonly parts?: () => readonly BlockPart<EventOf<E, T>, Tx>[];
}

/** A part of a subscriber's work on a block, such as one row. */
export interface BlockPart<E, Tx> {
  readonly events: readonly E[];
  readonly write: (tx: Tx) => Work;
}
