const SMALLEST = 16;

/**
 * A FIFO in one array of a power of two, grown by doubling and released when it has been emptied.
 *
 * `push`, `shift`, `pop` and `at` take constant time (amortised). A slot that was left holds nothing, so what was taken out
 * can be collected.
 */
export class RingBuffer<T> {
  //   slots   . . c d e . . .      head = 2, length = 3; both count up, masked when used
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

  /** Takes the first out; `undefined` where there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const first = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    if (this.#length === 0 && this.#slots.length > 64 * SMALLEST) this.clear();
    return first;
  }

  /** Takes the last out; `undefined` where there is none. */
  pop(): T | undefined {
    const last = this.at(this.#length - 1);
    if (this.#length > 0) this.set(--this.#length, undefined as T);
    return last;
  }

  /** The value at `index` from the first; `undefined` past the last. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#slots[(this.#head + index) & (this.#slots.length - 1)] : undefined;
  }

  /** Puts `value` in the place of the first. */
  replaceFirst(value: T): void {
    this.#slots[this.#head] = value;
  }

  /** Puts `value` in the place at `index` from the first. There must be one. */
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
