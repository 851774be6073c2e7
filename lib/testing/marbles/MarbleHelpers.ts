import type { RunHelpers } from 'rxjs/testing';
import type { ProbeHelpers } from '../probes/probeHelpers.js';
import type { ExpectValue } from './expectValue.js';
import type { Level } from './level.js';
import type { PausableHelpers } from './pausableCold.js';
import type { Promised } from './promised.js';
import type { RxExpectationHelpers } from './rxExpectations.js';

/**
 * The helpers of a marble test: those of RxJS, and those for backpressure.
 * @see node_modules/rx-event-broker/docs/testing/runMarbles.md
 */
export interface MarbleHelpers
  extends Omit<RunHelpers, keyof RxExpectationHelpers>, RxExpectationHelpers, PausableHelpers, ProbeHelpers {
  /** Creates a level, such as `skip$` or `pause$`, from marbles of `t` and `f`. */
  readonly level: Level;
  /** Creates a promise-like value from marbles, which settles in virtual time. */
  readonly promised: Promised;
  /** Expects how a value changes in virtual time. */
  readonly expectValue: ExpectValue;
}
