/** The mailbox of a slot, which learns what becomes of the delivery. */
export interface SlotMailbox {
  /** Counts a failure before the teardown of its work runs. */
  failed(error: unknown): void;
  /** Ends the delivery if it has ended, and moves on. */
  advance(): void;
  /** Ends a delivery whose Promise was fulfilled, and moves on, in one go. Default: `advance` does it. */
  readonly succeeded?: (() => void) | undefined;
}
