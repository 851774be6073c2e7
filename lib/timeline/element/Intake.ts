import { DecodeError } from '../../event/DecodeError.js';
import { left, type Either } from '../../event/Either.js';
import { shownError } from '../../event/shown.js';
import { checkedRecord, decodeRecord } from '../../inspect/decodeRecord.js';
import type { InspectRecord } from '../../inspect/InspectRecord.js';

/** More than this does not wait for a frame: a hidden page has none. */
const MOST_WAITING = 200_000;
/** How long a frame may take in records, in ms. */
const SLICE = 6;

/** What an intake reports. */
export interface IntakeOwner {
  record(record: InspectRecord): void;
  /** A record that is malformed. It is left out. */
  problem(error: DecodeError): void;
  /** There is more to take in: call `takeSome` in the next frame. */
  wake(): void;
}

/**
 * Takes in records, as objects or as lines of JSON, a few milliseconds of them in a frame.
 *
 * Invariant: no more than `MOST_WAITING` wait after a call of `add`.
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

  /** Takes in for a while. Returns whether there is more. */
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
