import type { Mailbox } from '../flow/mailbox/Mailbox.js';

type Counted = Pick<Mailbox<unknown, unknown>, 'pending' | 'offered' | 'settled'>;

/** Waits for the deliveries that were accepted up to a moment, not for those that come after it (promise B11). */
export class CompletionBarrier {
  readonly #waits: {
    readonly left: { readonly mailbox: Counted; readonly until: number }[];
    readonly then: () => void;
  }[] = [];

  /** Calls `then` once all that these mailboxes hold now is done. */
  whenDone(mailboxes: Iterable<Counted>, then: () => void): () => void {
    const left = [...mailboxes]
      .filter(({ pending }) => pending > 0)
      .map(mailbox => ({ mailbox, until: mailbox.offered }));
    if (left.length === 0) {
      then();
      return () => undefined;
    }
    const wait = { left, then };
    this.#waits.push(wait);
    return () => {
      const index = this.#waits.indexOf(wait);
      if (index >= 0) this.#waits.splice(index, 1);
    };
  }

  /** Some delivery is done. */
  progressed(): void {
    if (this.#waits.length === 0) return;
    for (const wait of [...this.#waits]) {
      for (let last = wait.left.at(-1); last !== undefined && isDone(last); last = wait.left.at(-1)) wait.left.pop();
      if (wait.left.length > 0 || !this.#waits.includes(wait)) continue;
      this.#waits.splice(this.#waits.indexOf(wait), 1);
      wait.then();
    }
  }
}

// what is offered first is settled first: a mailbox is a FIFO
const isDone = ({ mailbox, until }: { readonly mailbox: Counted; readonly until: number }): boolean =>
  mailbox.settled >= until;
