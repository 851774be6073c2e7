import type { RunHelpers } from 'rxjs/testing';
import type { ProbeHelpers } from '../probes/probeHelpers.js';
import type { ExpectValue } from './expectValue.js';
import type { Level } from './level.js';
import type { PausableHelpers } from './pausableCold.js';
import type { Promised } from './promised.js';
import type { RxExpectationHelpers } from './rxExpectations.js';

/** What a marble test gets: RxJS's own helpers, and ours for backpressure. */
export interface MarbleHelpers
  extends Omit<RunHelpers, keyof RxExpectationHelpers>, RxExpectationHelpers, PausableHelpers, ProbeHelpers {
  readonly level: Level;
  readonly promised: Promised;
  readonly expectValue: ExpectValue;
}
