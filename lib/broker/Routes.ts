import type { AnyEvent } from '../event/AnyEvent.js';
import type { Who } from '../flow/contract/Notice.js';

/** A subscriber, as routes and the dispatcher see it. */
export interface Addressee<E> {
  readonly who: Who;
  readonly required: boolean;
  /** The types that it names, and whether it also asks for all types that are listed. */
  readonly named: ReadonlySet<string>;
  readonly all: boolean;
  /** The routes that it stands in, and its place in each. */
  readonly routes: Map<Route<E>, number>;
  /** Pending events; `undefined` if it keeps none. */
  readonly backlog: number | undefined;
  /** Whether it is to get the events of a route now. */
  takes(route: Route<E>): boolean;
  /** Its handler returned something else than `undefined`. */
  callReturned(event: E, result: unknown): void;
  /** Its handler threw. */
  callThrew(event: E, error: unknown): void;
  /** The batch has been dispatched: it gets what it gathered. */
  batchEnded(): void;
  /** The broker has closed, and these events will not reach it. */
  refuse(events: readonly E[]): void;
  /** A route that it stood in is gone, and with it the count of its events. */
  routeClosed(route: Route<E>): void;
}

/** The subscribers of a type, in the order of subscription. `handlers[i]` is what is called for `members[i]`. */
export interface Route<E> {
  /** `undefined`: all types that have no route of their own. */
  readonly type: string | undefined;
  readonly handlers: ((event: E) => unknown)[];
  /** Without those who left. */
  readonly members: (Addressee<E> | undefined)[];
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

/** A route on which nobody stands. */
export const newRoute = <E>(type?: string): Route<E> => ({
  type,
  handlers: [],
  members: [],
  count: 0,
  named: 0,
  left: [],
  empty: 0,
});

/** What is called for a subscriber that skips, or has left. */
export const skipEvent = (): undefined => undefined;

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
export class Routes<E extends AnyEvent> {
  readonly byType = new Map<string, Route<E>>();
  readonly others = newRoute<E>();
  /** Changes when a route is opened or closed. */
  version = 0;
  readonly #unlisted: ReadonlySet<string>;
  readonly #untidy = new Set<Route<E>>();
  /** Events of routes that are gone. */
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

  /** The route of an event. If nobody names a type there is nothing to look up. */
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
    // one that waits to be replayed to has not come in yet
    if (member.routes.size > 0) for (const type of member.named) this.ofType(type).named--;
  }

  /** Forgets those who left, and closes their places once there are enough. Nobody may be being called. */
  tidy(): void {
    if (this.#untidy.size === 0) return;
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

/** Puts a member at its end. */
export const append = <E>(route: Route<E>, member: Addressee<E>, handler: (event: E) => unknown): void => {
  route.handlers.push(handler);
  member.routes.set(route, route.members.push(member) - 1);
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
