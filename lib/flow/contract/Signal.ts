/** What this library needs of an `AbortSignal`, for programs whose types do not have it. */
export interface MinimalSignal {
  /** Whether the work is no longer wanted. */
  readonly aborted: boolean;
  /** Why: a `DeliveryTimeoutError`, or an `AbortError`. */
  readonly reason: unknown;
  /** Calls `listener` when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Takes it back. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The types of a program that has signals. */
interface WithSignals<S> {
  /** The class of the platform. */
  readonly AbortSignal: {
    /** What its signals are. */
    readonly prototype: S;
  };
}

/**
 * The signal of a delivery with `abortable: true`: an `AbortSignal` of the platform, if the types of the program have one.
 * @see node_modules/rx-event-broker/docs/asynchronous.md
 */
export type Signal = typeof globalThis extends WithSignals<infer S> ? S : MinimalSignal;
