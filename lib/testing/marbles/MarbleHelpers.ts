import type { RunHelpers } from 'rxjs/testing';
import type { ProbeHelpers } from '../probes/probeHelpers.js';
import type { ExpectValue } from './expectValue.js';
import type { Level } from './level.js';
import type { PausableHelpers } from './pausableCold.js';
import type { Promised } from './promised.js';
import type { RxExpectationHelpers } from './rxExpectations.js';

/**
 * The helpers of a marble test: RxJS's own, and those for backpressure.
 * @see node_modules/rx-event-broker/docs/testing/runMarbles.md
 */
export interface MarbleHelpers
  extends Omit<RunHelpers, keyof RxExpectationHelpers>, RxExpectationHelpers, PausableHelpers, ProbeHelpers {
  /** Creates a level, such as `skip$` or `pause$`, from marbles. */
  readonly level: Level;
  /** Creates a stand-in for a Promise, from marbles. */
  readonly promised: Promised;
  /** Expects how a value changes over time. */
  readonly expectValue: ExpectValue;
}
