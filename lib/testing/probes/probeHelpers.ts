import { tap, type Observable } from 'rxjs';
import { checkOptions } from '../../flow/contract/options.js';
import type { Gap } from '../../flow/contract/Gap.js';
import { callSite } from '../marbles/callSite.js';
import { levelIn, timelineIn } from '../marbles/level.js';
import type { MarbleRun } from '../marbles/MarbleRun.js';
import { nextAt, withError } from '../marbles/TestMessage.js';
import { parseRow, valueOf, withLevels, type Values } from '../marbles/parseRow.js';
import { countsOf, type CountingBroker } from './countsOf.js';
import { deliveryRows, type DeliveryMarbles } from './deliveryRows.js';
import { explainDifference } from '../marbles/explainDifference.js';
import type { Expectation } from '../marbles/Expectations.js';
import {
  OPTIONAL_OPTIONS,
  REQUIRED_OPTIONS,
  type OptionalProbe,
  type OptionalProbeOptions,
  type ProbeLevels,
  type RequiredProbe,
  type RequiredProbeOptions,
} from './Probe.js';
import { emptyLog, type ProbeLog } from './ProbeLog.js';

/**
 * The work of a probe: `---|` finishes after three milliseconds, `--#` fails after two, `''` finishes within the call.
 * An array has one diagram per delivery. Its last diagram is used for all later deliveries.
 */
export type WorkMarbles = string | readonly [string, ...string[]];

/** The helpers of a marble test for subscribers. */
export interface ProbeHelpers {
  /**
   * Creates a required subscriber whose work is given as marbles: one diagram for all deliveries, or an array with one for the
   * first, the second and so on. Register it with `broker.subscribe({ ...probe, types })`.
   */
  readonly requiredProbe: (work?: WorkMarbles, options?: RequiredProbeOptions) => RequiredProbe;
  /** Creates an optional subscriber whose work is given as marbles. It also records its gaps. */
  readonly optionalProbe: (work?: WorkMarbles, options?: OptionalProbeOptions) => OptionalProbe;
  /**
   * Expects the outcomes of a probe's events. Pass the broker to check `dropped` and `skipped`, because only the broker counts
   * them.
   */
  readonly expectDeliveries: (
    probe: RequiredProbe | OptionalProbe,
    broker?: CountingBroker,
  ) => {
    /** Takes the expected diagrams and the values of their letters. */
    readonly toBe: (marbles: DeliveryMarbles, values?: Values) => void;
  };
}

export const probeHelpers = (run: MarbleRun): ProbeHelpers => {
  const logs = new WeakMap<object, ProbeLog>();
  let made = 0;

  const start = (work: WorkMarbles, options: ProbeLevels) => {
    const log = emptyLog(options.name ?? `probe ${++made}`);
    return { log, parts: partsOf(run, log, work, options) };
  };

  const expectDeliveries: ProbeHelpers['expectDeliveries'] = (probe, broker) => {
    const expectation: Expectation = run.expectations.add({
      helper: 'expectDeliveries',
      calls: callSite(expectDeliveries),
    });
    const log = logs.get(probe.next) ?? emptyLog(probe.name);
    const counts = broker && countsOf(run, broker, log.name);
    return {
      toBe: (marbles, values) => {
        const rows = deliveryRows(log, marbles, values, counts);
        expectation.check = () => explainDifference(rows(), withLevels(values));
      },
    };
  };

  return {
    requiredProbe: (work = '', all = {}) => {
      checkOptions('requiredProbe', all, REQUIRED_OPTIONS);
      const { highWaterMark, onFailure, ...options } = all;
      const { log, parts } = start(work, options);
      logs.set(parts.next, log);
      return { ...parts, required: true, ...given({ highWaterMark, onFailure }) };
    },
    optionalProbe: (work = '', all = {}) => {
      checkOptions('optionalProbe', all, OPTIONAL_OPTIONS);
      const { capacity, overflow, ...options } = all;
      const { log, parts } = start(work, options);
      logs.set(parts.next, log);
      const missed = (gap: Gap<unknown>): void => {
        log.missed.push(nextAt(run.scheduler.frame, gap.count));
      };
      return { ...parts, required: false, missed, ...given({ capacity, overflow }) };
    },
    expectDeliveries,
  };
};

const partsOf = (run: MarbleRun, log: ProbeLog, work: WorkMarbles, options: ProbeLevels) => {
  const { scheduler } = run;
  const level = levelIn(run);
  const { skip, hold, closed, drainOnClose, retry, stallAfter } = options;
  const error = 'error' in options ? options.error : 'error';
  const diagrams = typeof work === 'string' ? [work] : work;
  let deliveries = 0;

  const next = (event: unknown): Observable<string> | undefined => {
    const note = (messages: ProbeLog['began']) => (): void => {
      messages.push(nextAt(scheduler.frame, event));
    };
    const diagram = diagrams[Math.min(deliveries++, diagrams.length - 1)] ?? '';
    note(log.began)();
    if (diagram === '') {
      note(log.done)();
      return undefined;
    }
    const work$ = scheduler.createColdObservable(diagram);
    withError(work$.messages, error);
    return work$.pipe(tap({ complete: note(log.done), error: note(log.failed), unsubscribe: note(log.cut) }));
  };

  return {
    name: log.name,
    next,
    ...given({
      skip$: skip === undefined ? undefined : level(skip),
      hold$: hold === undefined ? undefined : level(hold),
      closed$: closed === undefined ? undefined : timelineIn(run)(parseRow(closed, valueOf()).expected),
      drainOnClose,
      retry,
      stallAfter,
    }),
  };
};

/** Removes options that are `undefined`. */
const given = <O extends object>(options: O): { [K in keyof O]?: Exclude<O[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
