import { ignoreOutcome } from '../../flow/mailbox/Work.js';
import type { Missed } from '../Missed.js';

/** A gap as the subscriber receives it. The events of an `expired` gap are not known. */
interface ReceivedGap<E> {
  readonly reason: string;
  readonly count?: number;
  readonly first?: E;
  readonly last?: E;
}

/** Turns a gap into the message for the client. Events become ids. If `idOf` fails, the id is omitted. */
export const missedOf = <E>(
  { reason, count, first, last }: ReceivedGap<E>,
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
