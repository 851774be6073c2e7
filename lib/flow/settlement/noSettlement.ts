import { throwError } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { NotSettledError } from './errors.js';

/** The settlement of a consumer that does not know what has been processed: reading it is a `NotSettledError`. */
export const noSettlement = (what: string): Settlement => ({
  received: 0,
  get settled(): number {
    throw new NotSettledError(what);
  },
  settled$: throwError(() => new NotSettledError(what)),
});
