import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Work } from '../flow/mailbox/Work.js';

/**
 * Writes the events of some types, inside the transaction of their block, one event at a time, in order.
 *
 * `storeBlocks` waits for what a method returns. If a method throws or rejects, the block fails; under
 * `onFailure: 'continue'` only this delivery fails (promise S7). The methods are called with `this`, so a class works.
 *
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface BlockSubscriber<E extends AnyEvent, T, Tx> {
  /** A name for errors and notices. Default: its types. */
  readonly name?: string;
  /** The event types to receive; `All` for every event. */
  readonly types: readonly T[];
  /**
   * A block begins; `time` is its time in Unix ns, truncated to the microsecond. Discard rows that are left from an
   * earlier block: that block was rolled back.
   */
  readonly beginBlock?: (time: bigint) => unknown;
  /**
   * Receives an event. Usually it only collects rows for `flush` and returns nothing. If it writes, it must return the
   * Promise, so that the write is waited for and can be undone.
   */
  readonly next: (event: EventOf<E, T>, tx: Tx) => Work;
  /** The block's last event was delivered: write the collected rows. */
  readonly flush?: (tx: Tx) => Work;
  /**
   * Returns the same work in parts, such as rows. Called under `onFailure: 'continue'` after a `flush` or `next` that
   * failed and was undone. Each part is then tried under its own savepoint, and the failing ones are reported with their
   * events.
   */
  readonly parts?: () => readonly BlockPart<EventOf<E, T>, Tx>[];
}

/** A part of a subscriber's work on a block, such as one row. */
export interface BlockPart<E, Tx> {
  /** The events that the part comes from, for the `Failed` notice. */
  readonly events: readonly E[];
  /** Writes the part in the transaction. */
  readonly write: (tx: Tx) => Work;
}
