/** What the page has not been given yet, each with its time. It holds a bounded number; what comes past that is counted. */
export class Outbox<T extends { readonly at: number }> {
  #items: T[] = [];
  #lost = 0;

  constructor(readonly most: number) {}

  /** The earliest time of what is held. A marble test is over within a call, and its records are of later instants. */
  get next(): number | undefined {
    return this.#items[0]?.at;
  }

  get last(): number | undefined {
    return this.#items.at(-1)?.at;
  }

  add(item: T): void {
    if (this.#items.length >= this.most) {
      this.#lost++;
      return;
    }
    const last = this.#items.at(-1);
    this.#items.push(item);
    if (last !== undefined && last.at > item.at) this.#items.sort((a, b) => a.at - b.at);
  }

  /** What has happened by then, and how many were lost since the last time. */
  take(now: number): { readonly items: readonly T[]; readonly lost: number } {
    const later = this.#items.findIndex(({ at }) => at > now);
    const items = this.#items.splice(0, later === -1 ? this.#items.length : later);
    const lost = this.#lost;
    this.#lost = 0;
    return { items, lost };
  }
}
