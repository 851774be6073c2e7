import { filter, type OperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { checkOption, needed, text } from '../flow/contract/options.js';

/**
 * Passes events of the given types, and narrows the union to them.
 *
 *     source          a-b-a-c-|     a, b and c stand for their types
 *     ofType('a')     a---a---|
 *
 * Throws `OptionError` without a type.
 *
 * @param types - The types that pass, at least one.
 * @example
 * ```ts
 * broker.notices$
 *   .pipe(ofType('Failed', 'Stalled'))
 *   .subscribe(({ subscriber }) => alert(subscriber.name));
 * ```
 * @see node_modules/rx-event-broker/docs/operators/ofType.md
 */
export const ofType = <E extends AnyEvent, const T extends E['type']>(
  ...types: readonly [T, ...T[]]
): OperatorFunction<E, EventOf<E, T>> => {
  if (types.length === 0) throw new OptionError('types', 'at least one event type', types);
  for (const type of types) checkOption('type', type, needed(text));
  const wanted = new Set<string>(types);
  return filter((event): event is EventOf<E, T> & E => wanted.has(event.type));
};
