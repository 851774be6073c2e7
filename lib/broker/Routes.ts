/** Who stands in routes. */
export interface Routed<E> {
  /** The types it names, and whether it asks for all that are listed. */
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  /** The routes it stands in. */
  readonly routes: Set<Route<E, this>>;
  /** It is about to leave a route that goes: what it counts by the route's count is to be settled. */
  leaves(route: Route<E, this>): void;
}

/** Everybody who gets events of a type, in the order of subscription: what is called for whom, at the same index. */
export interface Route<E, M> {
  /** `undefined`: all types that have no route of their own. */
  readonly type: string | undefined;
  readonly handlers: ((event: E) => unknown)[];
  readonly members: M[];
  /** Events dispatched along it. */
  count: number;
  /** How many of its members name its type. */
  named: number;
  /** Members that left and still hold their place: to be compacted when nobody is being called. */
  readonly gone: Set<M>;
}

const newRoute = <E, M>(type?: string): Route<E, M> => ({
  type,
  handlers: [],
  members: [],
  count: 0,
  named: 0,
  gone: new Set(),
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
 * During a dispatch routes are appended to and patched in place (its length was taken at its start), and compacted
 * afterwards. A type that nobody names any more goes back to `others`, so the table does not grow with past types.
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

  find(type: string): Route<E, M> {
    return this.byType.get(type) ?? this.others;
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
    for (const { members, handlers } of member.routes) handlers[members.indexOf(member)] = handler;
  }

  remove(member: M): void {
    this.patch(member, nothing);
    for (const route of member.routes) {
      route.gone.add(member);
      this.#untidy.add(route);
    }
    for (const type of member.named) this.find(type).named--;
  }

  /** Closes the places of those who left. Nobody may be being called. */
  compact(): void {
    for (const route of this.#untidy) {
      let kept = 0;
      route.members.forEach((member, i) => {
        if (route.gone.has(member)) return;
        route.members[kept] = member;
        route.handlers[kept++] = route.handlers[i] ?? nothing;
      });
      route.members.length = route.handlers.length = kept;
      route.gone.clear();
      const { type } = route;
      if (route.named === 0 && type !== undefined && !this.#unlisted.has(type)) this.#close(type, route);
    }
    this.#untidy.clear();
  }

  #open(type: string): Route<E, M> {
    const route = newRoute<E, M>(type);
    this.byType.set(type, route);
    this.others.members.forEach((member, i) => {
      if (!this.others.gone.has(member)) append(route, member, this.others.handlers[i] ?? nothing);
    });
    return route;
  }

  #close(type: string, route: Route<E, M>): void {
    this.byType.delete(type);
    this.#past += route.count;
    for (const member of route.members) member.leaves(route);
  }
}

const append = <E, M extends Routed<E>>(route: Route<E, M>, member: M, handler: (event: E) => unknown): void => {
  route.handlers.push(handler);
  route.members.push(member);
  member.routes.add(route);
};
