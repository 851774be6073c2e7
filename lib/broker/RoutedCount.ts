import type { Route } from './Routes.js';

/** Whom a dispatcher is calling right now: the member at `at` of `route`; nobody where `at` is negative. */
export interface Position<M> {
  readonly route: Pick<Route<never, M>, 'members' | 'count'> | undefined;
  readonly at: number;
  /** Who came into routes while the event runs: it is not theirs. */
  readonly newcomers: ReadonlySet<M>;
}

/**
 * How many events came along the routes of a member since it last looked: a difference of counts that the routes keep
 * anyway, so that a delivery costs no counter. Exact also from inside a hand-over.
 */
export class RoutedCount<M> {
  readonly #member: M;
  /** Its place in each of its routes. */
  readonly #routes: ReadonlyMap<{ readonly count: number }, number>;
  readonly #position: Position<M>;
  #base = 0;

  constructor(member: M, routes: ReadonlyMap<{ readonly count: number }, number>, position: Position<M>) {
    this.#member = member;
    this.#routes = routes;
    this.#position = position;
  }

  /** From here on: the event that runs does not count. */
  begin(): void {
    this.#base = this.#sum();
  }

  get since(): number {
    return this.#sum() - this.#base - (this.#unreached() ? 1 : 0);
  }

  /** Gives what came, and begins anew. */
  take(): number {
    const events = this.since;
    this.#base += events;
    return events;
  }

  /** A route with so many events goes out of the sum; `take` first. */
  without(count: number): void {
    this.#base -= count;
  }

  /** Whether the member is the one that is being called. */
  get called(): boolean {
    const { route, at } = this.#position;
    return route !== undefined && route.members[at] === this.#member;
  }

  #sum(): number {
    let sum = 0;
    for (const { count } of this.#routes.keys()) sum += count;
    return sum;
  }

  /** The event that runs is counted by one of its routes, and has not come to it. */
  #unreached(): boolean {
    const { route, at, newcomers } = this.#position;
    if (at < 0 || route === undefined || newcomers.has(this.#member)) return false;
    const place = this.#routes.get(route);
    return place !== undefined && place > at;
  }
}
