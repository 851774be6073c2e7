/** A growing column of numbers. The first ones can be dropped. The rest then moves to the front. */
export class Column {
  #values = new Float64Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The value at an index below the length. */
  at(index: number): number {
    return this.#values[index]!;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  dropFirst(count: number): void {
    this.#values.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** In an ascending column, the index of the first value that is not below `bound`. */
  countBelow(bound: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#values[middle]! < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
