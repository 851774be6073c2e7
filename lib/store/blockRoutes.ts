import { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Who } from '../flow/contract/Notice.js';
import { nameOf } from '../flow/reporter.js';
import type { BlockSubscriber } from './BlockSubscriber.js';

/** A subscriber with any types. */
export type AnyBlockSubscriber<E extends AnyEvent, Tx> = BlockSubscriber<E, unknown, Tx>;

export interface NumberedSubscriber<E extends AnyEvent, Tx> {
  readonly who: Who;
  readonly subscriber: AnyBlockSubscriber<E, Tx>;
}

export interface BlockRoutes<E extends AnyEvent, Tx> {
  readonly subscribers: readonly NumberedSubscriber<E, Tx>[];
  /** The subscribers of a type, in the order of the options. */
  readonly of: (type: string) => readonly NumberedSubscriber<E, Tx>[];
}

/** Numbers the subscribers from 1, and finds those of a type in a table with one entry per type. */
export const blockRoutes = <E extends AnyEvent, Tx>(
  given: readonly AnyBlockSubscriber<E, Tx>[],
): BlockRoutes<E, Tx> => {
  const asked = given.map((one, i) => {
    const name = nameOf(one.name, `${i + 1} (${one.types.map(String).join(', ')})`);
    return { types: new Set<unknown>(one.types), who: { id: i + 1, key: i + 1, name }, subscriber: one };
  });
  const routes = new Map<string, readonly NumberedSubscriber<E, Tx>[]>();
  const all = asked.filter(({ types }) => types.has(All));
  return {
    subscribers: asked,
    of: type => {
      const known = routes.get(type);
      if (known !== undefined) return known;
      if (!asked.some(({ types }) => types.has(type))) return all;
      const route = asked.filter(({ types }) => types.has(All) || types.has(type));
      routes.set(type, route);
      return route;
    },
  };
};
