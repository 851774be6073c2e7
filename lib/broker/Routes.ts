import type { AnyEvent } from '../event/AnyEvent.js';
import type { Who } from '../flow/contract/Notice.js';

/** A subscriber, as the routes and the dispatcher see it. */
export interface Addressee<E> {
  readonly who: Who;
  readonly required: boolean;
  /** The types that it names. `all`: whether it also asks for every type but the unlisted. */
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  /** Its routes, and its place in each. */
  readonly routes: Map<Route<E>, number>;
  /** Pending events; `undefined` without a mailbox. */
  readonly backlog: number | undefined;
  /** Whether it gets the events of a route now. */
  takes(route: Route<E>): boolean;
  /** Its handler returned a value other than `undefined`. */
  callReturned(event: E, result: unknown): void;
  /** Its handler threw. */
  callThrew(event: E, error: unknown): void;
  /** The batch has been dispatched: it gets what it gathered. */
  batchEnded(): void;
  /** The broker has closed, and these events will not reach it. */
  refuse(events: readonly E[]): void;
  /** One of its routes was removed, and with it the count of that route. */
  routeClosed(route: Route<E>): void;
}

/** The subscribers of a type, in the order of subscription. `handlers[i]` is called for `members[i]`. */
export interface Route<E> {
  /** `undefined`: every type without a route of its own. */
  readonly type: string | undefined;
  readonly handlers: ((event: E) => unknown)[];
  /** `undefined` at the place of a member that has left. */
  readonly members: (Addressee<E> | undefined)[];
  /** Events dispatched along it. */
  count: number;
  /** How many of its members name its type. */
  named: number;
  /** Places of members that left since the route was last tidied. */
  readonly left: number[];
  /** Number of empty places. */
  empty: number;
}

export const newRoute = <E>(type?: string): Route<E> => ({
  type,
  handlers: [],
  members: [],
  count: 0,
  named: 0,
  left: [],
  empty: 0,
});

/** The handler of a subscriber that skips, or has left. */
export const skipEvent = (): undefined => undefined;

/**
 * Who gets which type: one route per type that a subscriber names, and one for all other types.
 *
 *     byType   Order ──► [ a  b     d ]      a, d: All (merged in the order of subscription)
 *              TxError ► [       c    ]      unlisted: only subscribers that name it
 *     others         ──► [ a        d ]
 *
 * During a dispatch routes are only appended to and patched in place; the dispatch took the length at its start. Tidying
 * comes after it. Members that left are removed, but a route is compacted only when a quarter of its places is empty: so
 * the cost of leaving does not depend on the number of members. The route of a type that no subscriber names any more is
 * removed, so the table does not grow with past types.
 */
export class Routes<E extends AnyEvent> {
  readonly byType = new Map<string, Route<E>>();
  readonly others = newRoute<E>();
  /** Changes when a route is opened or closed. */
  version = 0;
  readonly #unlisted: ReadonlySet<string>;
  readonly #untidy = new Set<Route<E>>();
  /** Events of routes that were removed. */
  #past = 0;

  constructor(unlisted: readonly string[]) {
    this.#unlisted = new Set(unlisted);
    for (const type of this.#unlisted) this.byType.set(type, newRoute(type));
  }

  /** Events dispatched. */
  get sent(): number {
    let sent = this.#past + this.others.count;
    for (const { count } of this.byType.values()) sent += count;
    return sent;
  }

  /** The route of an event. Without routes of single types, its type is not read. */
  of(event: E): Route<E> {
    return this.byType.size === 0 ? this.others : this.ofType(event.type);
  }

  ofType(type: string): Route<E> {
    return this.byType.get(type) ?? this.others;
  }

  add(member: Addressee<E>, handler: (event: E) => unknown): void {
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

  /** As `add`, for a subscriber that joins after later ones have. Not to be called during a dispatch. */
  addLate(member: Addressee<E>, handler: (event: E) => unknown): void {
    this.add(member, handler);
    for (const route of member.routes.keys()) moveToItsPlace(route, member);
  }

  /** Calls `handler` for the member from now on. */
  patch(member: Addressee<E>, handler: (event: E) => unknown): void {
    for (const [{ handlers }, place] of member.routes) handlers[place] = handler;
  }

  remove(member: Addressee<E>): void {
    for (const [route, place] of member.routes) {
      route.handlers[place] = skipEvent;
      route.left.push(place);
      this.#untidy.add(route);
    }
    // a subscriber that waits for its replay is in no route yet
    if (member.routes.size > 0) for (const type of member.named) this.ofType(type).named--;
  }

  /** Removes the members that left, and compacts routes with enough empty places. Not to be called during a dispatch. */
  tidy(): void {
    if (this.#untidy.size === 0) return;
    for (const route of this.#untidy) {
      for (const place of route.left) route.members[place] = undefined;
      route.empty += route.left.length;
      route.left.length = 0;
      const { length } = route.members;
      if (route.empty * 4 >= length) compact(route);
      const { type } = route;
      if (route.named === 0 && type !== undefined && !this.#unlisted.has(type)) this.#close(type, route);
    }
    this.#untidy.clear();
  }

  #open(type: string): Route<E> {
    const route = newRoute<E>(type);
    this.byType.set(type, route);
    this.version++;
    const { members, handlers, left } = this.others;
    const gone = new Set(left);
    members.forEach((member, i) => {
      if (member !== undefined && !gone.has(i)) append(route, member, handlers[i] ?? skipEvent);
    });
    return route;
  }

  #close(type: string, route: Route<E>): void {
    this.byType.delete(type);
    this.version++;
    this.#past += route.count;
    for (const member of route.members) member?.routeClosed(route);
  }
}

export const append = <E>(route: Route<E>, member: Addressee<E>, handler: (event: E) => unknown): void => {
  route.handlers.push(handler);
  member.routes.set(route, route.members.push(member) - 1);
};

/** Moves the last member before those that subscribed after it. */
const moveToItsPlace = <E>(route: Route<E>, member: Addressee<E>): void => {
  const { members, handlers } = route;
  for (let place = members.length - 1; place > 0; place--) {
    const before = members[place - 1];
    if (before !== undefined && before.who.key < member.who.key) return;
    [members[place - 1], members[place]] = [member, before];
    [handlers[place - 1], handlers[place]] = [handlers[place]!, handlers[place - 1]!];
    before?.routes.set(route, place);
    member.routes.set(route, place - 1);
  }
};

const compact = <E>(route: Route<E>): void => {
  let kept = 0;
  route.members.forEach((member, i) => {
    if (member === undefined) return;
    route.members[kept] = member;
    route.handlers[kept] = route.handlers[i] ?? skipEvent;
    member.routes.set(route, kept++);
  });
  route.members.length = route.handlers.length = kept;
  route.empty = 0;
};
