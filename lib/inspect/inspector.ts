import type { SchedulerLike } from 'rxjs';
import type { FlowTap } from '../flow/contract/FlowTap.js';
import type { Inspector } from '../flow/contract/Inspector.js';
import { aFunction, checkOption, checkOptions, count, needed, type Check } from '../flow/contract/options.js';
import { InspectedFlow, type Recording } from './InspectedFlow.js';
import { MAX_LENGTH, type Inspected } from './InspectRecord.js';
import { Recorder, type RecordObserver } from './Recorder.js';

/** Records that are kept until they are handed over. */
const DEFAULT_CAPACITY = 10_000;

/**
 * Options of `inspector`.
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export interface InspectorOptions {
  /**
   * Records that are kept until they are handed over, which is in a microtask. If more happens before that, the oldest are lost,
   * and `lost` says how many. Default 10,000, at least 1.
   */
  readonly capacity?: number;
  /**
   * The key of an event, which its records have as text. Called when records are handed over, outside of deliveries. One that
   * throws gives none. Default: records have no key.
   */
  readonly keyOf?: (event: never) => unknown;
}

const anObserver: Check = {
  expected: 'a function, or an observer with next',
  allows: value =>
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'),
};

/** What records, as brokers are given to it: it knows what it records. */
export class Inspecting implements Inspector {
  readonly #recorder: Recorder;
  readonly #leaving = new Set<() => void>();
  readonly #numbers = new Map<string, number>();
  /** It ends with the one that it records. */
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

  /** Records it from now on. Returns a function that leaves it; `left` is called when it was left. */
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
 * Records what happens in brokers and operators, all in one order: give it to `inspect`, and to `backpressure` and `fanOut` as
 * their option `inspect` (promise Y1). It goes on until `stop`.
 *
 * Throws `OptionError`.
 *
 * @param observer - A function, or an observer such as `recordTo(path)`. It gets the records in a microtask. If it throws, that
 * is written to the console, once.
 * @param options - How many records are kept, and the key of an event.
 * @example
 * ```ts
 * const records = inspector(record => console.log(record.kind));
 * backpressure(source, { required: true, project: save, inspect: records });
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const inspector = (observer: RecordObserver, options: InspectorOptions = {}): Inspector =>
  new Inspecting(observer, options, false);
