/**
 * The ids of a member. It gets a new id each time it loses its leases (PM2).
 *
 * MI1  A former id is kept only while it may still be in the table. So a bad connection does not leak memory.
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

  /** All ids of this member that may be in the table. */
  get all(): readonly string[] {
    return [this.#current, ...this.#former];
  }

  isFormer(member: string): boolean {
    return this.#former.has(member);
  }

  /** The member has lost its leases. */
  lost(): void {
    this.#former.add(this.#current);
    this.#current = this.#next();
  }

  /** A table without the former ids was written. Earlier writes still in flight will fail, because they expect an older revision. */
  written(): void {
    this.#former.clear();
  }

  #next(): string {
    return `${this.#owner}/${globalThis.crypto.randomUUID()}`;
  }
}
