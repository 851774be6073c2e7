/**
 * How a delivery went. `cut`: it was closed from inside its own call, and the work that it left was not begun. `taken`: it
 * failed, and `onFailure` has taken it. `untried`: `onFailure` has taken it without a try.
 */
export type Outcome = 'delivered' | 'failed' | 'cut' | 'taken' | 'untried';

/** How a first try went that was made elsewhere. */
export type FirstTry = { readonly work: object } | { readonly error: unknown };
