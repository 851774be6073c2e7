import type { DecodeError } from '../../event/DecodeError.js';

/** Shows how many records were malformed, and the error of the first one. */
export class Problems {
  readonly #alert: HTMLElement;
  #count = 0;
  #first = '';

  constructor(alert: HTMLElement) {
    this.#alert = alert;
  }

  add({ message }: DecodeError): void {
    this.#count++;
    if (this.#count === 1) this.#first = message;
    this.#alert.textContent =
      this.#count === 1
        ? `A record is malformed and was left out. ${message}`
        : `${this.#count} records are malformed and were left out. The first: ${this.#first}`;
    this.#alert.hidden = false;
  }

  clear(): void {
    this.#count = 0;
    this.#alert.hidden = true;
  }
}
