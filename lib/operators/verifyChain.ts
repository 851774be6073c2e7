import { map, type MonoTypeOperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Position } from '../event/Position.js';
import { ChainIdError } from './ChainIdError.js';

/**
 * Passes events of one chain; ends with a `ChainIdError` that names both at the first of another (promise B11).
 *
 *     source                 a-b-x-c-|     x is of chain "other"
 *     verifyChain('main')    a-b-#
 */
export const verifyChain = <E extends AnyEvent & { readonly chainId: string }>(
  chainId: string,
): MonoTypeOperatorFunction<E> =>
  map(event => {
    if (event.chainId !== chainId) throw new ChainIdError(chainId, event.chainId, placeOf(event));
    return event;
  });

const placeOf = (event: AnyEvent & Partial<Position>): string =>
  event.blockNr === undefined ? event.type : `${event.type} ${String(event.blockNr)}-${String(event.sequence)}`;
