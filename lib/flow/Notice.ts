import type { Gap } from './Gap.js';
import type { Tally } from './Tally.js';

/** Who a notice is about. `id` is used again once it is free, `key` never is. */
export interface Who {
  readonly id: number;
  readonly key: number;
  readonly name: string;
}

/**
 * What users may want to know: an edge, never replayed.
 *
 * Notices are events themselves: `broker.notices$.pipe(ofType('Failed'))`. Cold things take `notices`, an observer.
 * - `Subscribed`, `Closed`: a subscriber came; it left, with its last tally and the events of the delivery cut off.
 * - `Dropped`: a gap opens (`open: true`, what it holds so far) and closes (`open: false`, with its totals).
 * - `Failed`: a delivery failed for good. `events` is empty where no delivery was in hand (a level that errored).
 * - `Stalled`: no progress since `since` (ms of the scheduler's clock); `waiting` events behind `event`.
 * - `Saturated`, `Clear`: a required backlog reached its high-water mark, fell to half of it.
 * - `Progress`: bytes done, of all the bytes known; `file` is the one being read. `Lag`: what lies between a producer and its consumer.
 * - `Released`, `Waiting`, `Full`: a resource was let go; is waited for; a buffer is at its bound.
 * - `Unchecked`: a file of the disk buffer had no checksums, so its records were taken as they are.
 * - `OpenBlock`, `SlowBlock`: a block was left open; took long. `Invalid`: a message was skipped.
 * - `PeerRejected`: a connection was refused or closed.
 */
export type Notice<E = unknown> =
  | { readonly type: 'Subscribed'; readonly subscriber: Who }
  | { readonly type: 'Closed'; readonly subscriber: Who; readonly tally: Tally; readonly unfinished: readonly E[] }
  | ({ readonly type: 'Dropped'; readonly subscriber: Who; readonly open: boolean } & Gap<E>)
  | {
      readonly type: 'Failed';
      readonly subscriber: Who;
      readonly events: readonly E[];
      readonly error: unknown;
      readonly attempts: number;
    }
  | {
      readonly type: 'Stalled';
      readonly subscriber: Who;
      readonly event?: E;
      readonly since: number;
      readonly waiting: number;
      readonly waitsFor?: Who;
    }
  | { readonly type: 'Saturated' | 'Clear'; readonly subscriber: Who; readonly pending: number }
  | { readonly type: 'Released' | 'Waiting' | 'Full'; readonly what: string }
  | { readonly type: 'OpenBlock' | 'SlowBlock'; readonly height: number; readonly ms: number }
  | { readonly type: 'Lag'; readonly what: string; readonly events: number; readonly bytes: number }
  | { readonly type: 'Unchecked'; readonly file: string; readonly events: number }
  | { readonly type: 'Progress'; readonly file: string; readonly bytes: number; readonly totalBytes: number }
  | { readonly type: 'Invalid'; readonly error: Error }
  | { readonly type: 'PeerRejected'; readonly peer: string; readonly error: Error };
