import { DecodeError } from '../../event/DecodeError.js';
import { left, type Either } from '../../event/Either.js';
import { shownError } from '../../event/shown.js';
import { checkedRecord, decodeRecord } from '../../inspect/decodeRecord.js';
import type { InspectRecord } from '../../inspect/InspectRecord.js';

/** If more records than this wait, they are processed without a frame, because a hidden page has no frames. */
const MOST_WAITING = 200_000;
/** How long records may be processed in one frame, in ms. */
const SLICE = 6;

/** Receives what an intake reports. */
export interface IntakeOwner {
  record(record: InspectRecord): void;
  /** A record is malformed, and was omitted. */
  problem(error: DecodeError): void;
  /** More records wait: call `takeSome` in the next frame. */
  wake(): void;
}

/**
 * Processes records, as objects or as lines of JSON, for a few milliseconds in each frame.
 *
 * Invariant: after a call of `add`, no more than `MOST_WAITING` records wait.
 */
export class Intake {
  readonly #owner: IntakeOwner;
  #waiting: unknown[] = [];
  #next = 0;
  #lineNr = 0;

  constructor(owner: IntakeOwner) {
    this.#owner = owner;
  }

  get #isEmpty(): boolean {
    return this.#next === this.#waiting.length;
  }

  add(records: Iterable<unknown> | string): void {
    const each = typeof records === 'string' ? records.split('\n') : records;
    for (const one of each) {
      this.#waiting.push(one);
      if (this.#waiting.length - this.#next > MOST_WAITING) this.#take();
    }
    if (!this.#isEmpty) this.#owner.wake();
  }

  /** Processes records for a few milliseconds. Returns whether more wait. */
  takeSome(): boolean {
    const until = performance.now() + SLICE;
    while (!this.#isEmpty && performance.now() < until) {
      for (let i = 0; i < 50 && !this.#isEmpty; i++) this.#take();
    }
    return !this.#isEmpty;
  }

  takeAll(): void {
    while (!this.#isEmpty) this.#take();
  }

  clear(): void {
    this.#waiting = [];
    this.#next = 0;
    this.#lineNr = 0;
  }

  #take(): void {
    const one = this.#waiting[this.#next++];
    if (this.#isEmpty || this.#next > MOST_WAITING) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    this.#lineNr++;
    if (typeof one === 'string' && one.trim() === '') return;
    const read = readOne(one, this.#lineNr);
    if (read._tag === 'Right') this.#owner.record(read.right);
    else this.#owner.problem(read.left);
  }
}

const readOne = (one: unknown, nr: number): Either<DecodeError, InspectRecord> => {
  if (typeof one === 'string') return decodeRecord(one, nr);
  try {
    return checkedRecord(one, `record ${nr}`);
  } catch (error) {
    return left(
      new DecodeError({ path: `record ${nr}`, expected: 'a record that can be read', found: shownError(error) }),
    );
  }
};
