import type { Observable, RetryConfig } from 'rxjs';
import type { OptionalDelivery, Overflow, RequiredDelivery } from '../../flow/Delivery.js';

/** What the levels and the end of a probe are: marbles. */
export interface ProbeLevels {
  /** Default: `probe 1`, `probe 2` and so on, in the order in which they are made. */
  readonly name?: string;
  /** While `t`, events are skipped; `f` ends it. */
  readonly skip?: string;
  /** While `t`, events are held; `f` ends it. */
  readonly hold?: string;
  /** Its first letter closes the subscriber. */
  readonly closed?: string;
  readonly drainOnClose?: boolean;
  readonly retry?: RetryConfig;
  readonly stallAfter?: number;
  /** What `#` in its work fails with. Default: the string `error`, as everywhere in marbles. */
  readonly error?: unknown;
}

export interface RequiredProbeOptions extends ProbeLevels {
  readonly highWaterMark?: number;
  readonly onFailure?: 'stop' | 'continue';
}

export interface OptionalProbeOptions extends ProbeLevels {
  readonly capacity?: number;
  readonly overflow?: Overflow;
}

/** The part of a subscriber that a probe plays: add `types`, where it is not to get all of them. */
interface ProbeBase {
  readonly name: string;
  readonly closed$?: Observable<unknown>;
  readonly drainOnClose?: boolean;
  /** The work on one delivery; nothing where it is done at once. */
  readonly next: (event: unknown) => Observable<string> | undefined;
}

export type RequiredProbe = ProbeBase & RequiredDelivery;
export type OptionalProbe = ProbeBase & OptionalDelivery<unknown>;
