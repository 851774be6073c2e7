import type { Office } from '../flow/mailbox/mailboxFor.js';
import type { Position } from './RoutedCount.js';

/** What a member (`M`) needs of the broker that it is in. */
export interface Desk<E, M> extends Office<E> {
  readonly position: Position<M>;
  /** Takes note that the member has gathered an event of the batch that runs; `false` where none does. */
  gather(member: M): boolean;
  /** Calls this for it from now on. */
  patch(member: M, handler: (event: E) => unknown): void;
  /** It has a mailbox from now on. */
  waits(member: M): void;
  saturation(up: boolean): void;
  failed(member: M, events: readonly E[], error: unknown, attempts: number): void;
  /** A teardown of its work threw. */
  broken(member: M, error: unknown): void;
  /** It takes nothing more. */
  leaves(member: M): void;
  /** It is done; what it leaves unfinished was cut off. */
  left(member: M, unfinished: readonly E[], error: unknown): void;
  /** Calls when the hand-over that runs has reached everybody. */
  later(then: () => void): void;
}
