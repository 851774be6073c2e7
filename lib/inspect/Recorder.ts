import { asapScheduler, type NextObserver } from 'rxjs';
import { shown, shownError } from '../event/shown.js';
import { catchRejection } from '../flow/catchRejection.js';
import { writeError } from '../flow/reporter.js';
import { RingBuffer } from '../flow/RingBuffer.js';
import type { Happened } from './Happened.js';
import { MAX_LENGTH, type InspectRecord } from './InspectRecord.js';

/** A function or an observer that receives records. */
export type RecordObserver = NextObserver<InspectRecord> | ((record: InspectRecord) => void);

/**
 * Keeps at most `capacity` records, and hands them to its observer in a microtask. So no user code runs inside a delivery. The
 * records are in the order in which things happened.
 *
 *     happened   a b c d e          capacity 3, and nothing was handed over in between
 *     handed         (lost 2) c d e
 *
 * RD1  If there are too many records, the oldest are lost. A `lost` record with their count takes their place.
 * RD2  If the observer throws, that is written to the console, once. The observer still gets the next record.
 * RD3  `complete` is called once, after the last record.
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

  /** Stops recording. The kept records are handed over inside this call, or in a microtask. */
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

/** The type of an event. `undefined` if there is none, or if reading it throws. */
const typeOf = (event: unknown): string | undefined => {
  try {
    const { type } = event as { readonly type?: unknown };
    return typeof type === 'string' ? asText(type) : undefined;
  } catch {
    return undefined;
  }
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : shown(value)).slice(0, MAX_LENGTH);

/** Removes fields that are `undefined`. */
const defined = (record: object): InspectRecord =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as InspectRecord;
