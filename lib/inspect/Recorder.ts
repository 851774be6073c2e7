import { asapScheduler, type NextObserver } from 'rxjs';
import { shown, shownError } from '../event/shown.js';
import { catchRejection } from '../flow/catchRejection.js';
import { writeError } from '../flow/reporter.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import type { Happened } from './Happened.js';
import { MAX_LENGTH, type InspectRecord } from './InspectRecord.js';

/** Who gets the records. */
export type RecordObserver = NextObserver<InspectRecord> | ((record: InspectRecord) => void);

/**
 * Keeps what happens, at most `capacity` records of it, and hands it to its observer in a microtask: no code of the user runs
 * inside a delivery, and the order is that in which things happened.
 *
 *     happened   a b c d e          capacity 3, and nothing was handed over in between
 *     handed         (lost 2) c d e
 *
 * RD1  What is lost is the oldest, and it is told at its place, with its count.
 * RD2  An observer that throws is told to the console, once, and gets the next record.
 * RD3  `complete` comes after the last record, once.
 */
export class Recorder {
  readonly #observer: NextObserver<InspectRecord>;
  readonly #capacity: number;
  readonly #keyOf: ((event: never) => unknown) | undefined;
  readonly #kept = new RingBuffer<readonly [broker: string, happened: Happened]>();
  #n = 0;
  #lost = 0;
  #isDue = false;
  #isFlushing = false;
  #state: 'open' | 'ending' | 'ended' = 'open';
  #wasWritten = false;

  constructor(observer: RecordObserver, capacity: number, keyOf: ((event: never) => unknown) | undefined) {
    this.#observer = typeof observer === 'function' ? { next: observer } : observer;
    this.#capacity = capacity;
    this.#keyOf = keyOf;
  }

  add(broker: string, happened: Happened): void {
    if (this.#state !== 'open') return;
    if (this.#kept.length === this.#capacity) {
      this.#kept.shift();
      this.#lost++;
    }
    this.#kept.push([broker, happened]);
    this.#schedule();
  }

  /** Nothing more is recorded. What is kept is handed over: now, or soon. */
  end(isNow: boolean): void {
    if (this.#state === 'ended') return;
    this.#state = 'ending';
    if (isNow) this.#flush();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    asapScheduler.schedule(() => {
      this.#isDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#isFlushing || this.#state === 'ended') return;
    this.#isFlushing = true;
    for (let first = this.#kept.shift(); first !== undefined; first = this.#kept.shift()) {
      const [broker, happened] = first;
      if (this.#lost > 0) {
        const count = this.#lost;
        this.#lost = 0;
        this.#n += count;
        this.#give({ n: this.#n, at: happened.at, kind: 'lost', broker, count, paused: happened.paused });
      }
      this.#give(this.#recordOf(++this.#n, broker, happened));
    }
    this.#isFlushing = false;
    if (this.#state !== 'ending') return;
    this.#state = 'ended';
    this.#safely('complete', () => this.#observer.complete?.());
  }

  #give(record: InspectRecord): void {
    this.#safely('next', () => this.#observer.next(record));
  }

  #safely(what: string, call: () => unknown): void {
    const failed = (error: unknown): void => {
      if (!this.#wasWritten) writeError(`an observer of records threw at ${what}`, error);
      this.#wasWritten = true;
    };
    try {
      catchRejection(call(), failed);
    } catch (error) {
      failed(error);
    }
  }

  #recordOf(n: number, broker: string, { who, about, why, ...rest }: Happened): InspectRecord {
    const { at, kind, ...more } = rest;
    const type = about && typeOf(about.event);
    const key = about && this.#key(about.event);
    const reason = typeof why === 'object' ? shownError(why.error) : why;
    return defined({ n, at, kind, broker, subscriber: who, type, key, reason, ...more });
  }

  #key(event: unknown): string | undefined {
    if (this.#keyOf === undefined) return undefined;
    try {
      const key = this.#keyOf(event as never);
      catchRejection(key, () => undefined);
      return key === undefined ? undefined : asText(key);
    } catch {
      return undefined;
    }
  }
}

/** An event whose type cannot be read has none. */
const typeOf = (event: unknown): string | undefined => {
  try {
    const { type } = event as { readonly type?: unknown };
    return typeof type === 'string' ? asText(type) : undefined;
  } catch {
    return undefined;
  }
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : shown(value)).slice(0, MAX_LENGTH);

/** Without the fields that are `undefined`. */
const defined = (record: object): InspectRecord =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as InspectRecord;
