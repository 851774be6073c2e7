import { throwError } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { NotSettledError } from './errors.js';

/** What a consumer gives that cannot say what has been processed: a source that asks gets `NotSettledError`. */
export const noSettlement = (what: string): Settlement => ({
  received: 0,
  get settled(): number {
    throw new NotSettledError(what);
  },
  settled$: throwError(() => new NotSettledError(what)),
});
