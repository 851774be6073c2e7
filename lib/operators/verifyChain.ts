import { map, type MonoTypeOperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Position } from '../event/Position.js';
import { shownText } from '../event/shown.js';
import { checkOption, needed, text } from '../flow/contract/options.js';
import { ChainIdError } from './ChainIdError.js';

/**
 * Passes the events of one chain. At the first event of another chain it errors with a `ChainIdError`, which names both
 * (promise B11).
 *
 *     source                 a-b-x-c-|     x is of chain "other"
 *     verifyChain('main')    a-b-#
 *
 * Throws `OptionError` unless `chainId` is a string.
 *
 * @param chainId - The chain that every event must belong to.
 * @example
 * ```ts
 * events$.pipe(verifyChain('main'), verifySequence());
 * ```
 * @see node_modules/rx-event-broker/docs/operators/verifyChain.md
 */
export const verifyChain = <
  E extends AnyEvent & {
    /** The chain that the event belongs to. */
    readonly chainId: string;
  },
>(
  chainId: string,
): MonoTypeOperatorFunction<E> => {
  checkOption('chainId', chainId, needed(text));
  return map(event => {
    const found = event.chainId;
    if (found !== chainId) throw new ChainIdError(chainId, found, placeOf(event));
    return event;
  });
};

const placeOf = ({ type, blockNr, sequence }: AnyEvent & Partial<Position>): string =>
  blockNr === undefined ? shownText(type) : `${shownText(type)} ${shownText(blockNr)}-${shownText(sequence)}`;
