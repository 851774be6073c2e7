import type { Observable, RetryConfig } from 'rxjs';
import type { OptionalDelivery, Overflow, RequiredDelivery } from '../../flow/contract/Delivery.js';
import { anything, choice, count, flag, milliseconds, text, type Checks } from '../../flow/contract/options.js';

/** The options that required and optional probes share. */
export interface ProbeLevels {
  /** The name of the probe. Default: `probe 1`, `probe 2` and so on, in the order of creation. */
  readonly name?: string;
  /** Marbles of `skip$`: `t` starts to skip events, `f` ends that. Default: never. */
  readonly skip?: string;
  /** Marbles of `hold$`: `t` starts to hold events, `f` ends that. Default: never. */
  readonly hold?: string;
  /** Marbles of `closed$`: the first letter closes the subscriber. Default: never. */
  readonly closed?: string;
  /** Whether accepted events are delivered before the subscriber closes. Default `false`. */
  readonly drainOnClose?: boolean;
  /** Retries a failed delivery: RxJS's `RetryConfig`. Default: no retry. */
  readonly retry?: RetryConfig;
  /** `Stalled` is emitted after this many ms without progress. Default 10,000 in a broker. */
  readonly stallAfter?: number;
  /** The error that `#` stands for in the work. Default: the string `error`, as elsewhere in marbles. */
  readonly error?: unknown;
}

/**
 * Options of `requiredProbe`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export interface RequiredProbeOptions extends ProbeLevels {
  /** The number of pending events at which the source is paused. Default 1024. */
  readonly highWaterMark?: number;
  /** What happens after the last try of a delivery has failed. Default `stop`. */
  readonly onFailure?: 'stop' | 'continue';
}

/**
 * Options of `optionalProbe`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export interface OptionalProbeOptions extends ProbeLevels {
  /** How many events may wait. Default 1024. */
  readonly capacity?: number;
  /** Which event is dropped when the buffer is full. Default `dropNewest`. */
  readonly overflow?: Overflow;
}

/** The fields that all probes have. Add `types` to select the events of a probe. */
interface ProbeBase {
  /** The name in notices, snapshots and failures. */
  readonly name: string;
  /** Closes the subscriber. Absent without the option `closed`. */
  readonly closed$?: Observable<unknown>;
  /** Whether accepted events are delivered before the subscriber closes. */
  readonly drainOnClose?: boolean;
  /** Does the work of one delivery. Returns `undefined` if the work finishes within the call. */
  readonly next: (event: unknown) => Observable<string> | undefined;
}

/**
 * A required subscriber whose work is given as marbles. Register it with `broker.subscribe({ ...probe, types })`.
 * @see node_modules/rx-event-broker/docs/testing/probes.md
 */
export type RequiredProbe = ProbeBase & RequiredDelivery;
/**
 * An optional subscriber whose work is given as marbles. Register it with `broker.subscribe({ ...probe, types })`.
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
