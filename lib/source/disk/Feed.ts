import type { Subscriber } from 'rxjs';

/**
 * Values that arrive in portions: `take` returns the values at hand one by one, without waiting, and `more` fetches the next
 * portion. A file is read fast that way: one Promise per chunk, none per value.
 */
export interface Feed<T> {
  /**
   * Starts the work that does not wait for `more`, if there is any: it goes on while the consumer is paused. `failed` is
   * called when that work fails.
   */
  open?(failed: (error: unknown) => void): Promise<void>;
  /**
   * For a feed that must learn what has been settled: how its values and its completion get to the subscriber. Default:
   * directly.
   */
  into?(subscriber: Subscriber<T>): { next(value: T): void; complete(): void };
  /** The next value at hand, or `undefined`. May throw. */
  take(): T | undefined;
  /** Fetches the next portion: `true` if `take` may have a value now, `false` at the end. One call at a time. */
  more(): Promise<boolean>;
  /** Releases everything. If `more` is in flight, it ends first. */
  close(): Promise<void>;
}
