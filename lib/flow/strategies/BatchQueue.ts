import type { Gap } from '../contract/Gap.js';
import type { MailboxSettings } from '../mailbox/MailboxSettings.js';
import { batchOfEvents } from '../mailbox/Measure.js';
import { bytesIn, type Noted, type Size } from '../mailbox/Size.js';
import type { EventQueue, EventQueues, OnDropped, OnLost, UnitQueue } from '../mailbox/UnitQueue.js';
import type { GatherGate } from './GatherGate.js';

/** Queues the events of batches one by one, and delivers up to `most` waiting events as one batch. */
export class BatchQueue<E> implements UnitQueue<readonly E[], E> {
  sizeTaken: Size = 0;
  readonly #queue: EventQueue<E>;
  readonly #most: number;
  readonly #onDropped: OnDropped<E>;
  readonly #gate: GatherGate | undefined;
  /** Gaps that the offered batch has opened. They are reported when the whole batch is counted. */
  readonly #opened: Gap<E>[] = [];

  constructor(
    open: (onDropped: OnDropped<E>) => EventQueue<E>,
    most: number,
    onDropped: OnDropped<E>,
    gate?: GatherGate,
  ) {
    this.#queue = open(gap => this.#opened.push(gap));
    this.#most = most;
    this.#onDropped = onDropped;
    this.#gate = gate;
  }

  set lost(lost: OnLost<readonly E[]>) {
    this.#queue.lost = (event, reason, isNewest) => lost([event], reason, isNewest);
  }

  get events(): number {
    return this.#queue.events;
  }

  get bytes(): number {
    return this.#queue.bytes;
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  get empty(): boolean {
    return this.#queue.empty;
  }

  get first(): readonly E[] | undefined {
    return this.empty ? undefined : [this.#queue.first as E];
  }

  push(batch: readonly E[], _: number, noted: Noted): void {
    this.#queue.push(batch[0]!, 1, at(noted, 0));
    this.#gate?.came(1);
    this.#offerFrom(1, batch, noted);
  }

  offer(batch: readonly E[], _: number, noted: Noted): boolean {
    return this.#offerFrom(0, batch, noted);
  }

  takeGap(): Gap<E> | undefined {
    return this.#queue.takeGap(this.#most);
  }

  shift(): readonly E[] {
    const queue = this.#queue;
    const batch: E[] = [];
    let bytes = 0;
    do {
      batch.push(queue.shift());
      bytes += bytesIn(queue.sizeTaken);
    } while (batch.length < this.#most && !queue.empty && typeof queue.sizeTaken === 'number' && queue.isJoined);
    this.#gate?.keep(this.events);
    this.sizeTaken = typeof queue.sizeTaken === 'number' ? bytes : queue.sizeTaken;
    return batch;
  }

  unreported(): Gap<E>[] {
    return this.#queue.unreported();
  }

  clear(): readonly Gap<E>[] {
    this.#opened.length = 0;
    const gaps = this.#queue.clear();
    this.#gate?.keep(0);
    return gaps;
  }

  isDue(isFinal: boolean): boolean {
    return this.#gate === undefined || this.#gate.isDue(this.events, isFinal);
  }

  get isGathering(): boolean {
    return this.#gate?.isGathering === true;
  }

  flush(): void {
    this.#gate?.flush(this.events);
  }

  #offerFrom(start: number, batch: readonly E[], noted: Noted): boolean {
    let hasGrown = false;
    for (let i = start; i < batch.length; i++) {
      if (!this.#queue.offer(batch[i]!, 1, at(noted, i))) continue;
      hasGrown = true;
      this.#gate?.came(this.events);
    }
    // a receiver of the notice may offer more, or close
    for (let gap = this.#opened.shift(); gap !== undefined; gap = this.#opened.shift()) this.#onDropped(gap, true);
    return hasGrown;
  }
}

const at = (noted: Noted, i: number): Noted => (noted as readonly Noted[])[i]!;

/** The settings of a mailbox whose events wait one by one in the queue that `single` opens. */
export const batched = <U, E>(
  settings: MailboxSettings<U, E>,
  single: EventQueues<E>,
  most: number,
  gate?: (advance: () => void) => GatherGate,
): MailboxSettings<U, E> => {
  const { note, open } = single;
  const changed =
    (settings.measure as unknown) === batchOfEvents
      ? {
          bytesOf: (batch: readonly E[]) => batch.map(note),
          queue: (onDropped: OnDropped<E>, advance: () => void) =>
            new BatchQueue(open, most, onDropped, gate?.(advance)),
        }
      : { bytesOf: note, queue: open };
  return { ...settings, single, ...(changed as unknown as Pick<MailboxSettings<U, E>, 'bytesOf' | 'queue'>) };
};
