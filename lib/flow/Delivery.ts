import type { Observable, RetryConfig, SchedulerLike } from 'rxjs';
import type { Gap } from './Gap.js';

/** What a full buffer lets go: the newcomer, or the one that has waited longest. */
export type Overflow = 'dropNewest' | 'dropOldest';

interface DeliveryBase {
  /** For notices and snapshots. */
  readonly name?: string;
  /** While true, events are skipped and counted (promise B5). */
  readonly skip$?: Observable<boolean>;
  /** While true, events are held, within the bound (promise B5). */
  readonly hold$?: Observable<boolean>;
  /** As RxJS's `retry` takes it: the same delivery is tried again, in place. Without a `count` forever (promise B10). */
  readonly retry?: number | RetryConfig;
  /** Milliseconds without progress after which `Stalled` is announced (promise B15). */
  readonly stallAfter?: number;
}

/** How a required subscriber is served: it loses nothing, and who sends waits for it. */
export interface RequiredDelivery extends DeliveryBase {
  readonly required: true;
  /** Pending events, the delivery in hand included, at which it is saturated. Default 1024, at least 1, `maxPending` at most. */
  readonly highWaterMark?: number;
  /** Default `stop`: `receive` errors, `send` throws (promise B10). */
  readonly onFailure?: 'stop' | 'continue';
}

/** How an optional subscriber is served: nobody waits for it, what does not fit is dropped and counted. */
export interface OptionalDelivery<E> extends DeliveryBase {
  readonly required: false;
  /** Events that may wait, the delivery in hand not counted. Default 1024; 0 is legal. */
  readonly capacity?: number;
  /** Default `dropNewest`. */
  readonly overflow?: Overflow;
  /** Where its handler runs. Default: inside `send`. */
  readonly observeOn?: SchedulerLike;
  /** Called before the next delivery, where the gap is (promise B3). */
  readonly missed?: (gap: Gap<E>) => void;
}

export type Delivery<E> = RequiredDelivery | OptionalDelivery<E>;

/** Pending events past which what cannot be paused ends, and `send` throws (promise B12). */
export const DEFAULT_MAX_PENDING = 65_536;
