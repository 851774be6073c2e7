import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import type { Missed } from '../Missed.js';

/** A gap, as a subscriber is told it: one of a log that has expired does not know its events. */
interface ToldGap<E> {
  readonly reason: string;
  readonly count?: number;
  readonly first?: E;
  readonly last?: E;
}

/** What a client is told of a gap. An event without an id is left out. */
export const missedOf = <E>(
  { reason, count, first, last }: ToldGap<E>,
  idOf: ((event: E) => string | number) | undefined,
): Missed => {
  const idsOf = (key: 'first' | 'last', event: E | undefined): Pick<Missed, 'first' | 'last'> => {
    if (event === undefined || idOf === undefined) return {};
    try {
      const id: unknown = idOf(event);
      if (typeof id === 'string' || typeof id === 'number') return { [key]: id };
      ignoreOutcome(id);
      return {};
    } catch {
      return {};
    }
  };
  return {
    reason: reason as Missed['reason'],
    ...(count === undefined ? {} : { count }),
    ...idsOf('first', first),
    ...idsOf('last', last),
  };
};
