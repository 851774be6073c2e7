/**
 * How a delivery ended. `cut`: its consumer was closed before it ended. `taken`: it failed, and `onFailure` took it.
 * `untried`: `onFailure` took it without an attempt.
 */
export type Outcome = 'delivered' | 'failed' | 'cut' | 'taken' | 'untried';

/** The result of a first attempt that was made elsewhere: work, or an error. */
export type FirstTry = { readonly work: object } | { readonly error: unknown };
