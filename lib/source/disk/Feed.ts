/**
 * Values that come in portions: `take` gives what is at hand, one by one, without waiting; `more` fetches the next portion.
 *
 * That is how a file is read fast: one Promise a chunk, none a value.
 */
export interface Feed<T> {
  /**
   * Begins its work, where it has some to do though nothing is asked for: also while its consumer is paused. `failed` is called
   * with what goes wrong in that work, when it does.
   */
  open?(failed: (error: unknown) => void): Promise<void>;
  /** The next value at hand, or nothing. May throw. */
  take(): T | undefined;
  /** Fetches: `true` where `take` is worth another try, `false` at the end. One call at a time. */
  more(): Promise<boolean>;
  /** Releases everything; also while `more` is under way, which then comes to its end. */
  close(): Promise<void>;
}
