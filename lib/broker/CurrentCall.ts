import type { Addressee, Route } from './Routes.js';

/** The `place` of a replayed event. No source is notified when it is settled. */
export const REPLAYED = -1;

/**
 * Calls the handlers of a route, in order. The current call is that of `route.handlers[at]`; later handlers have not been
 * offered the event yet.
 */
export class CurrentCall<E> {
  route: Route<E> | undefined;
  // -1 is a literal: a bundler turns a named constant into a variable, which is read for each event. With named constants
  // here and in the dispatcher, ten subscribers to `All` cost 4 % more.
  /** Index of the handler that is being called; -1 if there is none. */
  at = -1;
  /** The event's place in the received source; 0 if the source is not tracked, `REPLAYED` if the event is replayed. */
  place = 0;
  /** The first event of a batch that is routed as a whole, by the type of that event. */
  first: E | undefined;
  /** Subscribers that joined after the event was sent. They do not get it. */
  readonly newcomers = new Set<Addressee<E>>();
  /** Events without a subscriber. */
  unrouted = 0;
  /** Called when an event of the source has reached every subscriber, or, with `isLost`, never will. */
  dispatched: (place: number, isLost: boolean) => void = () => undefined;

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

  /** Something other than a handler threw. The dispatch has ended, and its event is lost. */
  abort(): void {
    this.at = -1;
    this.lose(this.place);
  }

  /** The current event has reached every subscriber. */
  reached(): void {
    const { place } = this;
    this.place = 0;
    if (place > 0) this.dispatched(place, false);
  }

  /** The event at this place will not reach every subscriber. */
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
