import type { InspectRecord } from '../inspect/InspectRecord.js';
import type { History } from './History.js';
import type { PageServer } from './PageServer.js';
import { message } from './PageStream.js';

/** How long records are collected before they are sent, in ms. */
const COLLECTED = 100;
/** When this many records are collected, they are sent immediately. */
const MOST_COLLECTED = 5000;
/** How often the time is sent, in ms. */
const TICK = 1000;
/** Records whose time differs from now by less than this are in real time, in ms. */
const PRESENT = 60_000;

/**
 * Sends records to the pages in batches.
 *
 *     records      ab c   d         each is an `add`
 *     messages         (abc)  (d)
 *
 * Invariant: no more than `MOST_COLLECTED` records are collected. A record is formatted once, however many pages there are.
 */
export class RecordFeed {
  readonly #history: History;
  readonly #pages: PageServer;
  readonly #clock: ReturnType<typeof setInterval>;
  #collected: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the records are in real time, and not in virtual time. */
  #isPresent = false;

  constructor(history: History, pages: PageServer) {
    this.#history = history;
    this.#pages = pages;
    this.#clock = setInterval(() => this.#tick(), TICK).unref();
  }

  add(record: InspectRecord): void {
    const { at } = (record as InspectRecord | null) ?? {};
    this.#isPresent = typeof at === 'number' && Math.abs(Date.now() - at) < PRESENT;
    this.#collected.push(this.#history.add(record));
    if (this.#collected.length >= MOST_COLLECTED) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), COLLECTED).unref();
  }

  stop(): void {
    clearInterval(this.#clock);
    clearTimeout(this.#timer);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#collected;
    this.#collected = [];
    this.#pages.send(message(lines));
  }

  #tick(): void {
    if (this.#isPresent) this.#pages.send(message([String(Date.now())], 'now'));
  }
}
