interface Place {
  readonly number: number | undefined;
  hasBegun: boolean;
}

/**
 * The numbers of the events that are pending with one consumer. An event that is sent again while it is pending has several:
 * they are told apart by their order.
 */
export class Numbers<E> {
  readonly #places = new Map<E, Place[]>();

  add(event: E, number: number | undefined): void {
    const places = this.#places.get(event);
    if (places === undefined) this.#places.set(event, [{ number, hasBegun: false }]);
    else places.push({ number, hasBegun: false });
  }

  /** The number of what is in hand, or is next; `undefined` if it is not known. */
  of(event: E): number | undefined {
    return this.#places.get(event)?.[0]?.number;
  }

  /** That of what was added last. */
  newest(event: E): number | undefined {
    return this.#places.get(event)?.at(-1)?.number;
  }

  /** The number of what begins, or begins again. */
  begin(event: E, isFirstTry: boolean): number | undefined {
    const places = this.#places.get(event);
    const place = isFirstTry ? places?.find(({ hasBegun }) => !hasBegun) : places?.[0];
    if (place !== undefined) place.hasBegun = true;
    return place?.number;
  }

  /** Takes out what was in hand, what waited longest, or what came last. */
  take(event: E, which: 'inHand' | 'waiting' | 'newest'): number | undefined {
    const places = this.#places.get(event);
    if (places === undefined) return undefined;
    const index =
      which === 'inHand' ? 0 : which === 'newest' ? places.length - 1 : places.findIndex(({ hasBegun }) => !hasBegun);
    const [taken] = places.splice(Math.max(0, index), 1);
    if (places.length === 0) this.#places.delete(event);
    return taken?.number;
  }
}
