import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import { aFunction, checkOption, checkOptions, count, needed, type Check } from '../flow/contract/options.js';
import { InspectedFlow, type Recording } from './InspectedFlow.js';
import { MAX_LENGTH, type Inspected } from './InspectRecord.js';
import { Recorder, type RecordObserver } from './Recorder.js';

/** How many records are kept until they are handed over. */
const DEFAULT_CAPACITY = 10_000;

/**
 * Options of `inspector`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface InspectorOptions {
  /**
   * How many records are kept until they are handed over in a microtask. If there are more, the oldest are lost, and a `lost` record
   * has their count. Default 10,000, at least 1.
   */
  readonly capacity?: number;
  /**
   * Returns the key of an event, which its records contain as text. It is called outside of deliveries, when records are handed
   * over. If it throws, the record has no key. Default: records have no key.
   */
  readonly keyOf?: (event: never) => unknown;
}

const anObserver: Check = {
  expected: 'a function, or an observer with next',
  allows: value =>
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'),
};

/** The implementation of `Inspector`. */
export class Inspecting implements Inspector {
  readonly #recorder: Recorder;
  readonly #leaving = new Set<() => void>();
  readonly #numbers = new Map<string, number>();
  /** Whether it ends when the recorded broker has closed. */
  readonly #doesEndWithIt: boolean;
  #isStopped = false;

  constructor(observer: RecordObserver, options: InspectorOptions, doesEndWithIt: boolean) {
    checkOption('observer', observer, needed(anObserver));
    const read = checkOptions('inspector', options, { capacity: count(1), keyOf: aFunction });
    this.#recorder = new Recorder(observer, read.capacity ?? DEFAULT_CAPACITY, read.keyOf);
    this.#doesEndWithIt = doesEndWithIt;
  }

  opened<E>(of: Inspected, name: string | undefined, clock: SchedulerLike): FlowTap<E> {
    const flow = new InspectedFlow<E>(of, clock);
    this.record(flow, of, name);
    return flow;
  }

  /** Starts to record a flow. Returns a function that stops, and then calls `left`. */
  record<E>(flow: InspectedFlow<E>, of: Inspected, name?: string, left: () => void = () => undefined): () => void {
    if (this.#isStopped) return () => undefined;
    const over = (): void => {
      this.#leaving.delete(leave);
      if (this.#doesEndWithIt) this.#recorder.end(false);
    };
    const recording: Recording = {
      recorder: this.#recorder,
      name: name?.slice(0, MAX_LENGTH) ?? this.#numbered(of),
      over,
    };
    const leave = (): void => {
      if (!this.#leaving.delete(leave)) return;
      flow.leave(recording);
      left();
    };
    this.#leaving.add(leave);
    flow.join(recording);
    return leave;
  }

  stop(): void {
    this.#isStopped = true;
    for (const leave of [...this.#leaving]) leave();
    this.#recorder.end(true);
  }

  #numbered(of: Inspected): string {
    const number = (this.#numbers.get(of) ?? 0) + 1;
    this.#numbers.set(of, number);
    return `${of} ${number}`;
  }
}

/**
 * Records what happens in several brokers and operators, in one order (promise Y1: records of what happens). Pass it to `inspect`,
 * and as the option `inspect` to `backpressure` and `fanOut`. It records until `stop` is called.
 *
 * Throws `OptionError`.
 *
 * @param observer - A function, or an observer such as `recordTo(path)`. It receives the records in a microtask. If it throws, that
 * is written to the console, once.
 * @param options - How many records are kept, and the key of an event. Both are optional.
 * @example
 * ```ts
 * const records = inspector(record => console.log(record.kind));
 * backpressure(source, { required: true, project: save, inspect: records });
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const inspector = (observer: RecordObserver, options: InspectorOptions = {}): Inspector =>
  new Inspecting(observer, options, false);
