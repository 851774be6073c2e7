import type { Who } from '../flow/contract/Notice.js';
import type { Route } from './Routes.js';

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
