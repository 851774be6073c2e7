/** The part of `AbortSignal` that this library uses, for programs whose types do not have that class. */
export interface MinimalSignal {
  /** Whether the work was cancelled. */
  readonly aborted: boolean;
  /** Why it was cancelled: a `DeliveryTimeoutError`, or an `AbortError`. */
  readonly reason: unknown;
  /** Calls `listener` when it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void;
  /** Removes the listener. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The types of a program that has signals. */
interface WithSignals<S> {
  /** The class of the platform. */
  readonly AbortSignal: {
    /** The type of its instances. */
    readonly prototype: S;
  };
}

/**
 * The signal of a delivery with `abortable: true`: an `AbortSignal` of the platform, if the types of the program have one.
 * @see node_modules/rx-event-broker/docs/asynchronous.md
 */
export type Signal = typeof globalThis extends WithSignals<infer S> ? S : MinimalSignal;
