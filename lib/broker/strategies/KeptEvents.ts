/** An event of its own: it supersedes none. */
export const NO_KEY = Symbol('no key');

/** What is noted of an event when it is kept. */
export interface Noted {
  /** The type that has routed it; `undefined` if that could not be read. */
  readonly type: string | undefined;
  readonly key: unknown;
  readonly bytes: number;
}

/** An event that is kept, between the one sent before it and the one sent after it. */
export interface Kept<E> extends Noted {
  readonly event: E;
  older: Kept<E> | undefined;
  newer: Kept<E> | undefined;
}

/** How much is kept. */
export interface Bounds {
  readonly events: number;
  readonly bytes: number;
}

/**
 * The last events, in the order in which they were sent; of each key only the latest.
 *
 *     sent    a1 b1 a2 c1
 *     kept    b1 a2 c1          a2 has superseded a1; the next to go is b1
 *
 * KE1  At most `events` are kept, and at most `bytes`. The newest is kept, whatever its size.
 * KE2  `#byKey` has the keys of what is kept, and no others.
 * KE3  Without keys, what is kept are the last events without a hole.
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
    // an old one that is garbage would keep the younger ones alive until the next full collection
    kept.newer = undefined;
    if (key !== NO_KEY) this.#byKey.delete(key);
    this.#count--;
    // sizes need not be whole: what their sum has lost in rounding ends here
    this.#bytes = this.#count === 0 ? 0 : this.#bytes - bytes;
  }
}
