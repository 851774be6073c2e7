/**
 * The ids of a member: a new one after each loss of its leases (PM2).
 *
 * MI1  It knows a former id only as long as that may be in the table, so a bad connection costs no memory over the weeks.
 */
export class MemberIds {
  readonly #owner: string;
  readonly #former = new Set<string>();
  #current: string;

  constructor(owner: string) {
    this.#owner = owner;
    this.#current = this.#next();
  }

  get current(): string {
    return this.#current;
  }

  /** All that may be in the table. */
  get all(): readonly string[] {
    return [this.#current, ...this.#former];
  }

  isFormer(member: string): boolean {
    return this.#former.has(member);
  }

  /** It has lost its leases. */
  lost(): void {
    this.#former.add(this.#current);
    this.#current = this.#next();
  }

  /** A table without the former ids was written. What was on its way before is refused, since it has seen an older one. */
  written(): void {
    this.#former.clear();
  }

  #next(): string {
    return `${this.#owner}/${globalThis.crypto.randomUUID()}`;
  }
}
