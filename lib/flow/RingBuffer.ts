const SMALLEST = 16;

/**
 * A FIFO queue in one array, whose length is a power of two. It doubles when it is full; a large one shrinks when it is
 * empty.
 *
 * `push`, `shift`, `pop` and `at` take constant time (amortised). Removing a value clears its slot, so the value can be
 * garbage-collected.
 */
export class RingBuffer<T> {
  //   slots   . . c d e . . .      head = 2, length = 3; indexes wrap around by a mask
  #slots: (T | undefined)[] = new Array<T | undefined>(SMALLEST);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: T): void {
    if (this.#length === this.#slots.length) this.#resize(this.#length * 2);
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = value;
    this.#length++;
  }

  /** Removes and returns the first value; `undefined` if there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const first = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    if (this.#length === 0 && this.#slots.length > 64 * SMALLEST) this.clear();
    return first;
  }

  /** Removes and returns the last value; `undefined` if there is none. */
  pop(): T | undefined {
    const last = this.at(this.#length - 1);
    if (this.#length > 0) this.set(--this.#length, undefined as T);
    return last;
  }

  /** The value at `index`, counted from the first; `undefined` past the last. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#slots[(this.#head + index) & (this.#slots.length - 1)] : undefined;
  }

  /** Replaces the first value. There must be one. */
  replaceFirst(value: T): void {
    this.#slots[this.#head] = value;
  }

  /** Replaces the value at `index`, counted from the first. There must be one. */
  set(index: number, value: T): void {
    this.#slots[(this.#head + index) & (this.#slots.length - 1)] = value;
  }

  clear(): void {
    this.#slots = new Array<T | undefined>(SMALLEST);
    this.#head = 0;
    this.#length = 0;
  }

  #resize(size: number): void {
    const slots = new Array<T | undefined>(size);
    for (let i = 0; i < this.#length; i++) slots[i] = this.at(i);
    this.#slots = slots;
    this.#head = 0;
  }
}
