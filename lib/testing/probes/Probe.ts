import type { Observable, RetryConfig } from 'rxjs';
import type { OptionalDelivery, Overflow, RequiredDelivery } from '../../flow/contract/Delivery.js';
import { anything, choice, count, flag, milliseconds, text, type Checks } from '../../flow/contract/options.js';

/** The options that required and optional probes share; levels are marbles. */
export interface ProbeLevels {
  /** Its name. Default: `probe 1`, `probe 2` and so on, in the order of their creation. */
  readonly name?: string;
  /** While `t`, events are skipped; `f` ends it. Default: never. */
  readonly skip?: string;
  /** While `t`, events are held; `f` ends it. Default: never. */
  readonly hold?: string;
  /** Its first letter closes the subscriber. Default: never. */
  readonly closed?: string;
  /** Whether accepted events are delivered before it closes. Default `false`. */
  readonly drainOnClose?: boolean;
  /** Retries a failed delivery: RxJS's `RetryConfig`. Default: no retry. */
  readonly retry?: RetryConfig;
  /** Milliseconds without progress after which `Stalled` is emitted. Default 10,000 in a broker. */
  readonly stallAfter?: number;
  /** The error that `#` in its work stands for. Default: the string `error`, as everywhere in marbles. */
  readonly error?: unknown;
}

/**
 * Options of `requiredProbe`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export interface RequiredProbeOptions extends ProbeLevels {
  /** Pending events at which the source is paused. Default 1024. */
  readonly highWaterMark?: number;
  /** What a delivery that has failed for good does. Default `stop`. */
  readonly onFailure?: 'stop' | 'continue';
}

/**
 * Options of `optionalProbe`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export interface OptionalProbeOptions extends ProbeLevels {
  /** Events that may wait. Default 1024. */
  readonly capacity?: number;
  /** Which event is dropped when the buffer is full. Default `dropNewest`. */
  readonly overflow?: Overflow;
}

/** The part of a subscriber that a probe is. Add `types` to limit what it gets. */
interface ProbeBase {
  /** Its name in notices, snapshots and failures. */
  readonly name: string;
  /** Closes it, if `closed` is given. */
  readonly closed$?: Observable<unknown>;
  /** Whether accepted events are delivered before it closes. */
  readonly drainOnClose?: boolean;
  /** The work on one delivery; returns nothing if it finishes within the call. */
  readonly next: (event: unknown) => Observable<string> | undefined;
}

/**
 * A required subscriber whose work is marbles. Pass it on with `broker.subscribe({ ...probe, types })`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export type RequiredProbe = ProbeBase & RequiredDelivery;
/**
 * An optional subscriber whose work is marbles. Pass it on with `broker.subscribe({ ...probe, types })`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export type OptionalProbe = ProbeBase & OptionalDelivery<unknown>;

const LEVELS: Checks = {
  name: text,
  skip: text,
  hold: text,
  closed: text,
  drainOnClose: flag,
  retry: anything,
  stallAfter: milliseconds,
  error: anything,
};

export const REQUIRED_OPTIONS: Checks = { ...LEVELS, highWaterMark: count(1), onFailure: choice('stop', 'continue') };
export const OPTIONAL_OPTIONS: Checks = {
  ...LEVELS,
  capacity: count(0),
  overflow: choice('dropNewest', 'dropOldest'),
};
