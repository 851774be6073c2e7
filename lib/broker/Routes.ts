/** Who stands in routes. */
export interface Routed<E> {
  /** The types it names, and whether it asks for all that are listed. */
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  /** The routes it stands in, and its place in each. */
  readonly routes: Map<Route<E, this>, number>;
  /** It is about to leave a route that goes: what it counts by the route's count is to be settled. */
  leaves(route: Route<E, this>): void;
}

/** Everybody who gets events of a type, in the order of subscription: what is called for whom, at the same index. */
export interface Route<E, M> {
  /** `undefined`: all types that have no route of their own. */
  readonly type: string | undefined;
  readonly handlers: ((event: E) => unknown)[];
  /** Without those who left. */
  readonly members: (M | undefined)[];
  /** Events dispatched along it. */
  count: number;
  /** How many of its members name its type. */
  named: number;
  /** Places of those who left since it was tidied. */
  readonly left: number[];
  /** Places that are empty. */
  empty: number;
}

/** Places of a route that are compacted however few of them are empty. */
const FEW = 16;

const newRoute = <E, M>(type?: string): Route<E, M> => ({
  type,
  handlers: [],
  members: [],
  count: 0,
  named: 0,
  left: [],
  empty: 0,
});

/** What is called for who is skipped or gone. */
export const nothing = (): undefined => undefined;

/**
 * Who gets which type: a route a type that somebody names, and one for all other types.
 *
 *     byType   Order ──► [ a  b     d ]      a, d: All (merged in the order of subscription)
 *              TxError ► [       c    ]      unlisted: only who names it
 *     others         ──► [ a        d ]
 *
 * During a dispatch routes are appended to and patched in place (its length was taken at its start), and tidied
 * afterwards: who left is forgotten at once, the places are closed when a quarter of them is empty, so that leaving costs
 * the same however many are there. A type that nobody names any more goes back to `others`, so the table does not grow
 * with past types.
 */
export class Routes<E, M extends Routed<E>> {
  readonly byType = new Map<string, Route<E, M>>();
  readonly others = newRoute<E, M>();
  readonly #unlisted: ReadonlySet<string>;
  readonly #untidy = new Set<Route<E, M>>();
  /** Events of routes that are gone. */
  #past = 0;

  constructor(unlisted: readonly string[]) {
    this.#unlisted = new Set(unlisted);
    for (const type of this.#unlisted) this.byType.set(type, newRoute(type));
  }

  get untidy(): boolean {
    return this.#untidy.size > 0;
  }

  /** Events dispatched. */
  get sent(): number {
    let sent = this.#past + this.others.count;
    for (const { count } of this.byType.values()) sent += count;
    return sent;
  }

  find(type: string | undefined): Route<E, M> {
    return (type === undefined ? undefined : this.byType.get(type)) ?? this.others;
  }

  add(member: M, handler: (event: E) => unknown): void {
    for (const type of member.named) {
      const route = this.byType.get(type) ?? this.#open(type);
      route.named++;
      append(route, member, handler);
    }
    if (!member.all) return;
    append(this.others, member, handler);
    for (const [type, route] of this.byType) {
      if (!this.#unlisted.has(type) && !member.named.has(type)) append(route, member, handler);
    }
  }

  /** Calls `handler` for the member from now on. */
  patch(member: M, handler: (event: E) => unknown): void {
    for (const [{ handlers }, place] of member.routes) handlers[place] = handler;
  }

  remove(member: M): void {
    for (const [route, place] of member.routes) {
      route.handlers[place] = nothing;
      route.left.push(place);
      this.#untidy.add(route);
    }
    for (const type of member.named) this.find(type).named--;
  }

  /** Forgets those who left, and closes their places once there are enough. Nobody may be being called. */
  tidy(): void {
    for (const route of this.#untidy) {
      for (const place of route.left) route.members[place] = undefined;
      route.empty += route.left.length;
      route.left.length = 0;
      const { length } = route.members;
      if (length <= FEW || route.empty * 4 >= length) compact(route);
      const { type } = route;
      if (route.named === 0 && type !== undefined && !this.#unlisted.has(type)) this.#close(type, route);
    }
    this.#untidy.clear();
  }

  #open(type: string): Route<E, M> {
    const route = newRoute<E, M>(type);
    this.byType.set(type, route);
    const { members, handlers, left } = this.others;
    const gone = new Set(left);
    members.forEach((member, i) => {
      if (member !== undefined && !gone.has(i)) append(route, member, handlers[i] ?? nothing);
    });
    return route;
  }

  #close(type: string, route: Route<E, M>): void {
    this.byType.delete(type);
    this.#past += route.count;
    for (const member of route.members) member?.leaves(route);
  }
}

const append = <E, M extends Routed<E>>(route: Route<E, M>, member: M, handler: (event: E) => unknown): void => {
  route.handlers.push(handler);
  member.routes.set(route, route.members.push(member) - 1);
};

const compact = <E, M extends Routed<E>>(route: Route<E, M>): void => {
  let kept = 0;
  route.members.forEach((member, i) => {
    if (member === undefined) return;
    route.members[kept] = member;
    route.handlers[kept] = route.handlers[i] ?? nothing;
    member.routes.set(route, kept++);
  });
  route.members.length = route.handlers.length = kept;
  route.empty = 0;
};
