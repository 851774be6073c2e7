/** The key of an event that supersedes none, and is superseded by none. */
export const NO_KEY = Symbol('no key');

/** What is recorded about an event when it is kept. */
export interface Noted {
  /** The type by which it was routed; `undefined` if reading it threw. */
  readonly type: string | undefined;
  readonly key: unknown;
  readonly bytes: number;
}

/** A kept event, linked with the ones sent before and after it. */
export interface Kept<E> extends Noted {
  readonly event: E;
  older: Kept<E> | undefined;
  newer: Kept<E> | undefined;
}

/** The most events and bytes that are kept. */
export interface Bounds {
  readonly events: number;
  readonly bytes: number;
}

/**
 * The last events in the order in which they were sent, with only the latest of each key.
 *
 *     sent    a1 b1 a2 c1
 *     kept    b1 a2 c1          a2 has superseded a1; the next to go is b1
 *
 * KE1  At most `events` are kept, and at most `bytes`. The newest is kept, whatever its size.
 * KE2  `#byKey` has the keys of the kept events, and no others.
 * KE3  Without keys, the kept events are the last ones, without a hole.
 */
export class KeptEvents<E> {
  readonly #bounds: Bounds;
  readonly #byKey = new Map<unknown, Kept<E>>();
  #oldest: Kept<E> | undefined;
  #newest: Kept<E> | undefined;
  #count = 0;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  add(event: E, { type, key, bytes }: Noted): void {
    const earlier = this.#byKey.get(key);
    if (earlier !== undefined) this.#remove(earlier);
    const kept: Kept<E> = { event, type, key, bytes, older: this.#newest, newer: undefined };
    if (this.#newest === undefined) this.#oldest = kept;
    else this.#newest.newer = kept;
    this.#newest = kept;
    if (key !== NO_KEY) this.#byKey.set(key, kept);
    this.#count++;
    this.#bytes += bytes;
    while (this.#count > this.#bounds.events || (this.#bytes > this.#bounds.bytes && this.#count > 1))
      this.#remove(this.#oldest!);
  }

  *newestFirst(): Generator<Kept<E>> {
    for (let kept = this.#newest; kept !== undefined; kept = kept.older) yield kept;
  }

  clear(): void {
    this.#byKey.clear();
    this.#oldest = this.#newest = undefined;
    this.#count = this.#bytes = 0;
  }

  #remove(kept: Kept<E>): void {
    const { older, newer, key, bytes } = kept;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    // without this, a removed event in the old generation would keep newer ones alive until a full garbage collection
    kept.newer = undefined;
    this.#byKey.delete(key);
    this.#count--;
    // sizes may be fractions: rounding errors of the sum end when the log is empty
    this.#bytes = this.#count === 0 ? 0 : this.#bytes - bytes;
  }
}
