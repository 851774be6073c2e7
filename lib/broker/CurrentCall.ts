import type { Addressee, Route } from './Routes.js';

/** `place`: what is dispatched is replayed. No source is told when that is settled. */
export const REPLAYED = -1;

/**
 * Calls the handlers of a route, in order, and remembers which call is being made: `route.handlers[at]`. Those after it
 * have not been offered the event yet.
 */
export class CurrentCall<E> {
  route: Route<E> | undefined;
  // The -1 has no name: a bundler makes a variable of a named constant, which is read again for each event. With it, and the
  // like in the dispatcher, ten subscribers to all cost 4 % more.
  /** -1 if nobody is being called. */
  at = -1;
  /** Where the event stands in the source that is received, if that is tracked; 0 if not, or `REPLAYED`. */
  place = 0;
  /** The event whose type has routed the whole batch that is being dispatched. */
  first: E | undefined;
  /** Who subscribed since the event was sent: it is not theirs. */
  readonly newcomers = new Set<Addressee<E>>();
  /** Events that nobody was subscribed to. */
  unrouted = 0;
  /** An event of the source has reached everybody, or will reach nobody. */
  dispatched: (place: number, isLost: boolean) => void = () => undefined;

  /** Somebody is being called. */
  get isCalling(): boolean {
    return this.at >= 0;
  }

  dispatch(event: E, route: Route<E>): void {
    route.count++;
    if (this.route !== route) this.route = route;
    const { handlers } = route;
    const { length } = handlers;
    if (length === 1) this.#callHandler(event, handlers, 0);
    else if (length === 0) this.unrouted++;
    else for (let i = 0; i < length; i++) this.#callHandler(event, handlers, i);
    this.at = -1;
  }

  /** Something that is no handler threw: nobody is being called any more, and the event is lost. */
  abort(): void {
    this.at = -1;
    this.lose(this.place);
  }

  /** The event that is being dispatched has reached everybody. */
  reached(): void {
    const { place } = this;
    this.place = 0;
    if (place > 0) this.dispatched(place, false);
  }

  /** The event at this place will not reach everybody. */
  lose(place: number): void {
    if (this.place === place) this.place = 0;
    if (place > 0) this.dispatched(place, true);
  }

  #callHandler(event: E, handlers: Route<E>['handlers'], i: number): void {
    this.at = i;
    try {
      // called as a plain function: no receiver
      const handler = handlers[i] as (event: E) => unknown;
      const result = handler(event);
      if (result !== undefined) this.#called.callReturned(event, result);
    } catch (error) {
      this.#called.callThrew(event, error);
    }
  }

  get #called(): Addressee<E> {
    return this.route!.members[this.at]!;
  }
}
