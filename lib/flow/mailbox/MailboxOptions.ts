import type { OnDropped } from './BoundedQueue.js';
import type { Overflow } from '../contract/Delivery.js';
import type { Gap } from '../contract/Gap.js';
import type { Measure } from './Measure.js';

/** What a mailbox needs to know. All callbacks come after its state is right, may call it again, and never throw; `start` and `again` may. */
export interface MailboxOptions<U, E> {
  readonly unit: Measure<U, E>;
  /** At so many pending events it is saturated, the delivery in hand included; clear again at half of them. */
  readonly highWaterMark?: number;
  /** At that many pending bytes it is saturated, too; needs `bytesOf`. */
  readonly highWaterMarkBytes?: number;
  /** Never throws. */
  readonly bytesOf?: (unit: U) => number;
  /** So many events may wait, the delivery in hand not included. Without it nothing is dropped. */
  readonly capacity?: number;
  readonly overflow?: Overflow;
  /** Hands a unit over; Work that it returns is waited for. */
  readonly start: (unit: U) => unknown;
  /** Where there is another try: the work that makes it, given how the first one went (a result, or a throw). */
  readonly again?: (unit: U, first: () => unknown) => unknown;
  /** What work emits. */
  readonly value?: (value: unknown) => void;
  readonly failed: (unit: U, error: unknown) => void;
  /** A teardown of the work threw: how the delivery went is not changed by that. */
  readonly broken?: (error: unknown) => void;
  readonly dropped?: OnDropped<E>;
  readonly missed?: (gap: Gap<E>) => void;
  readonly level?: (saturated: boolean, pending: number) => void;
  /** Called where it begins to wait for somebody, makes progress, or has nothing left (`pending` tells which). */
  readonly progress?: (pending: number) => void;
  /** Nothing is left, nothing will come; `unfinished` was cut off. */
  readonly closed?: (unfinished: readonly U[]) => void;
}
