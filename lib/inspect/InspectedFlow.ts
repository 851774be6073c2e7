import type { SchedulerLike } from 'rxjs';
import type { DeliveryTap } from '../flow/contract/DeliveryTap.js';
import type { FlowTap, Seen } from '../flow/contract/FlowTap.js';
import type { Notice } from '../flow/contract/Notice.js';
import { ConsumerTap } from './ConsumerTap.js';
import type { Happened } from './Happened.js';
import type { Inspected } from './InspectRecord.js';
import type { Recorder } from './Recorder.js';
import { settingsOf } from './settingsOf.js';

/** One recording of a broker or an operator. */
export interface Recording {
  readonly recorder: Recorder;
  /** The name of the broker or operator in the records. */
  readonly name: string;
  /** Called when the broker or operator has ended. */
  readonly over: () => void;
}

/** A broker or an operator with one or more recordings. */
export class InspectedFlow<E> implements FlowTap<E> {
  readonly #of: Inspected;
  readonly #clock: SchedulerLike;
  readonly #recordings = new Set<Recording>();
  readonly #consumers = new Map<number, ConsumerTap<unknown, E>>();
  /** The number of the event that is being dispatched in a broker, if it has one. */
  readonly #sent: (() => number | undefined) | undefined;
  #came = 0;
  #now = 0;

  constructor(of: Inspected, clock: SchedulerLike, sent?: () => number | undefined) {
    this.#of = of;
    this.#clock = clock;
    this.#sent = sent;
  }

  get isRecorded(): boolean {
    return this.#recordings.size > 0;
  }

  /** Starts a recording. Its first records describe the present state. */
  join(recording: Recording): void {
    this.#recordings.add(recording);
    const to = [recording];
    this.#report({ kind: 'opened', of: this.#of, format: 1 }, to);
    for (const consumer of this.#consumers.values()) this.#introduce(consumer, to);
    if (this.#isPaused) this.#report({ kind: 'paused' }, to);
  }

  leave(recording: Recording): void {
    this.#report({ kind: 'stopped' }, [recording]);
    this.#recordings.delete(recording);
  }

  consumer<U>(seen: Seen<U, E>): DeliveryTap<U, E> {
    const { key } = seen.who;
    const isOperator = this.#sent === undefined;
    const number = this.#sent ?? ((): number | undefined => this.#came);
    const consumer = new ConsumerTap<U, E>(
      seen,
      happened => this.#report(happened),
      number,
      isOperator,
      () => this.#consumers.delete(key),
    );
    this.#consumers.set(key, consumer as unknown as ConsumerTap<unknown, E>);
    this.#introduce(consumer);
    return consumer;
  }

  came(): void {
    this.#came++;
  }

  noticed(notice: Notice<E>): void {
    if (notice.type === 'Saturated' || notice.type === 'Clear') {
      const consumer = this.#consumers.get(notice.subscriber.key);
      if (consumer === undefined) return;
      const wasPaused = this.#isPaused;
      consumer.isSaturated = notice.type === 'Saturated';
      consumer.say(consumer.isSaturated ? 'saturated' : 'cleared');
      if (wasPaused !== this.#isPaused) this.#report({ kind: wasPaused ? 'resumed' : 'paused' });
    } else if (notice.type === 'Stalled') {
      const why = notice.cause ?? (notice.waitsFor && `it waits for ${notice.waitsFor.name}`);
      const { event } = notice;
      const consumer = this.#consumers.get(notice.subscriber.key);
      consumer?.say('stalled', {
        ...(event === undefined ? {} : { event: consumer.numberOf(event), about: { event } }),
        why,
      });
    }
  }

  closed(): void {
    this.#report({ kind: 'closed' });
    for (const recording of [...this.#recordings]) {
      this.#recordings.delete(recording);
      recording.over();
    }
  }

  get #isPaused(): boolean {
    for (const { isSaturated } of this.#consumers.values()) if (isSaturated) return true;
    return false;
  }

  #introduce(consumer: ConsumerTap<never, E>, to: Iterable<Recording> = this.#recordings): void {
    const { who, backlog, seen } = consumer;
    this.#report({ kind: 'subscribed', who, backlog, settings: settingsOf(seen) }, to);
    if (consumer.isHeld) this.#report({ kind: 'held', who, backlog }, to);
  }

  #report(happened: Omit<Happened, 'at' | 'paused'>, to: Iterable<Recording> = this.#recordings): void {
    const whole = { ...happened, at: this.#time(), paused: this.#isPaused };
    for (const { recorder, name } of to) recorder.add(name, whole);
  }

  /** The time of the scheduler. If a user's scheduler throws, or returns no finite number, the last time is used. */
  #time(): number {
    try {
      const now = this.#clock.now();
      if (Number.isFinite(now)) this.#now = now;
    } catch {
      // `#now` keeps the last time
    }
    return this.#now;
  }
}
