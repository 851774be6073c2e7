import type { Subscriber } from 'rxjs';

/**
 * Values that arrive in portions. `take` returns the values at hand one by one, without waiting. `more` fetches the next
 * portion. This makes reading a file fast: it takes one Promise per chunk, and none per value.
 */
export interface Feed<T> {
  /**
   * Starts the feed's background work, if it has any. That work continues while the consumer is paused. `failed` is
   * called if the work fails.
   */
  open?(failed: (error: unknown) => void): Promise<void>;
  /**
   * Wraps the subscriber, for a feed that must know what has been settled. Default: values and completion go to the
   * subscriber directly.
   */
  into?(subscriber: Subscriber<T>): { next(value: T): void; complete(): void };
  /** The next value at hand, or `undefined`. May throw. */
  take(): T | undefined;
  /** Fetches the next portion: `true` if `take` may have a value now, `false` at the end. One call at a time. */
  more(): Promise<boolean>;
  /** Releases all resources, after a `more` in flight has ended. */
  close(): Promise<void>;
}
