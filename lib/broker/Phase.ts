/**
 * Whether the broker takes anything, and what a call gets when it does not.
 *
 *     open ──► draining ──► closed
 *       └───────────────────►
 */
export class Phase {
  #name: 'open' | 'draining' | 'closed' = 'open';
  #refusal: ((call: string) => Error) | undefined;

  get name(): 'open' | 'draining' | 'closed' {
    return this.#name;
  }

  /** Nothing is taken from now on: calls throw `refusal`. */
  enter(name: 'draining' | 'closed', refusal: (call: string) => Error): void {
    this.#name = name;
    this.#refusal = refusal;
  }

  /** Throws if nothing is taken any more. */
  refuse(call: string): void {
    if (this.#refusal !== undefined) throw this.#refusal(call);
  }
}
