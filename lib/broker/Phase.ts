/**
 * Whether the broker accepts calls, and the error that a call throws if it does not.
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

  /** From now on calls throw the error that `refusal` makes. */
  enter(name: 'draining' | 'closed', refusal: (call: string) => Error): void {
    this.#name = name;
    this.#refusal = refusal;
  }

  /** Throws unless the broker is open. */
  refuse(call: string): void {
    if (this.#refusal !== undefined) throw this.#refusal(call);
  }
}
