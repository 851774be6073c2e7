interface Place {
  readonly number: number | undefined;
  hasBegun: boolean;
}

/**
 * The numbers of the pending events of one consumer. If the same object is sent again while it is pending, it has several numbers,
 * in order.
 */
export class Numbers<E> {
  readonly #places = new Map<E, Place[]>();

  add(event: E, number: number | undefined): void {
    const places = this.#places.get(event);
    if (places === undefined) this.#places.set(event, [{ number, hasBegun: false }]);
    else places.push({ number, hasBegun: false });
  }

  /** The number of the event in flight, or of the next one. `undefined` if it is not known. */
  of(event: E): number | undefined {
    return this.#places.get(event)?.[0]?.number;
  }

  /** The number that was added last for this event. */
  newest(event: E): number | undefined {
    return this.#places.get(event)?.at(-1)?.number;
  }

  /** The number of an event whose work begins, or begins again. */
  begin(event: E, isFirstTry: boolean): number | undefined {
    const places = this.#places.get(event);
    const place = isFirstTry ? places?.find(({ hasBegun }) => !hasBegun) : places?.[0];
    if (place !== undefined) place.hasBegun = true;
    return place?.number;
  }

  /** Removes and returns a number: of the event in flight, of the one that waited longest, or of the newest one. */
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
