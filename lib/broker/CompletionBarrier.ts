import type { MailboxEngine } from '../flow/mailbox/MailboxEngine.js';

type Counted = Pick<MailboxEngine<unknown>, 'pending' | 'offered' | 'settled'>;

interface Wait {
  /** Mailboxes with unfinished events among their first `until`. */
  readonly left: { readonly mailbox: Counted; readonly until: number }[];
  readonly then: () => void;
}

/** Lets `receive` and `drain` wait for the deliveries accepted so far, not for later ones (promise B11). */
export class CompletionBarrier {
  readonly #waits: Wait[] = [];
  #isClosed = false;

  /** Calls `then` when everything that is pending in these mailboxes now has finished. Returns a function that cancels. */
  whenDone(mailboxes: Iterable<Counted>, then: () => void): () => void {
    const left = [...mailboxes]
      .filter(({ pending }) => pending > 0)
      .map(mailbox => ({ mailbox, until: mailbox.offered }));
    if (left.length === 0) {
      if (!this.#isClosed) then();
      return () => undefined;
    }
    const wait = { left, then };
    this.#waits.push(wait);
    return () => {
      const index = this.#waits.indexOf(wait);
      if (index >= 0) this.#waits.splice(index, 1);
    };
  }

  /** The broker closes, or will stop. The deliveries that it cuts off have not finished, so no wait ends any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** A delivery has finished, or a subscriber has left. */
  progressed(): void {
    if (this.#waits.length > 0 && !this.#isClosed) this.#endWaits();
  }

  #endWaits(): void {
    for (const wait of [...this.#waits]) {
      for (let last = wait.left.at(-1); last !== undefined && isDone(last); last = wait.left.at(-1)) wait.left.pop();
      if (wait.left.length > 0 || !this.#waits.includes(wait)) continue;
      this.#waits.splice(this.#waits.indexOf(wait), 1);
      wait.then();
    }
  }
}

// `settled` counts an event only when all earlier ones have finished, too
const isDone = ({ mailbox, until }: Wait['left'][number]): boolean => mailbox.settled >= until;
