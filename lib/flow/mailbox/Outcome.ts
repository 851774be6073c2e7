/**
 * How a delivery went. `cut`: it was closed from inside its own call, and the work that it left was not begun. `taken`: it
 * failed, or was not tried, and `onFailure` has taken it.
 */
export type Outcome = 'delivered' | 'failed' | 'cut' | 'taken';

/** How a first try went that was made elsewhere. */
export type FirstTry = { readonly work: object } | { readonly error: unknown };
