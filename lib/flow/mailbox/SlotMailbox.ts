/** The mailbox of a slot, which learns what becomes of the delivery. */
export interface SlotMailbox {
  /** Counts a failure before the teardown of its work runs. */
  failed(error: unknown): void;
  /** Ends the delivery if it has ended, and moves on. */
  advance(): void;
  /** The Promise of the delivery was fulfilled: counts it, and moves on. Default: it ends, and `advance` counts it. */
  readonly succeeded?: (() => void) | undefined;
}
