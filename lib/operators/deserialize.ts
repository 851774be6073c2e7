import { filter, map, type NextObserver, type OperatorFunction } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { DecodeError } from '../event/DecodeError.js';
import type { Decoder } from '../event/Decoder.js';
import type { Either } from '../event/Either.js';
import { isError, shown, shownError } from '../event/shown.js';
import type { Notice } from '../flow/contract/Notice.js';
import { checkOption, checkOptions, choice, having, needed, observer } from '../flow/contract/options.js';
import { ignoreOutcome } from '../flow/mailbox/Work.js';
import { notifier } from '../flow/reporter.js';

/**
 * Decodes messages into events.
 *
 *     source         x-y-z-|      y is invalid
 *     deserialize    a-#           onInvalid: 'error' (default): a DecodeError
 *                    a---c-|       onInvalid: 'skip': y is left out and reported as `Invalid`
 *
 * The error says what was expected, what was found, and where (promises E1, E2). If the decoder throws, or returns no
 * event, the message counts as invalid (E5). Throws `OptionError`.
 *
 * @param decoder - Turns one message into an event.
 * @param options - What to do with an invalid message, default `error`.
 * @example
 * ```ts
 * bytes$.pipe(
 *   deserialize(jsonDecoder(Price), {
 *     onInvalid: 'skip',
 *     notices: { next: console.warn },
 *   }),
 * );
 * ```
 * @see node_modules/rx-event-broker/docs/operators/deserialize.md
 */
export const deserialize = <E extends AnyEvent>(
  decoder: Decoder<E>,
  options: {
    /** What to do with an invalid message: `error`, the default, ends the stream; `skip` leaves the message out. */
    readonly onInvalid?: 'error' | 'skip';
    /** Receives `Invalid` for each message that is skipped. Default: none. */
    readonly notices?: NextObserver<Notice>;
  } = {},
): OperatorFunction<Uint8Array, E> => {
  checkOption('decoder', decoder, needed(having('a decoder', 'decode')));
  checkOptions('deserialize', options, { onInvalid: choice('error', 'skip'), notices: observer });
  if (options.onInvalid !== 'skip') return map(eventOf(decoder, fail));

  const notify = notifier(options.notices);
  const skip = (error: Error): undefined => {
    notify({ type: 'Invalid', error });
  };
  return source =>
    source.pipe(
      map(eventOf(decoder, skip)),
      filter(event => event !== undefined),
    );
};

/** Decodes a message. If the decoder throws or returns no event, the result is that of `onInvalid`. */
const eventOf =
  <E, N>(decoder: Decoder<E>, onInvalid: (error: Error) => N) =>
  (bytes: Uint8Array): E | N => {
    let error: Error;
    try {
      const result = decoder.decode(bytes);
      if (result._tag === 'Right' && isPresent(result.right)) return result.right;
      error = problemOf(result);
    } catch (cause) {
      error = invalid(`an error, ${shownError(cause)}`, cause);
    }
    return onInvalid(error);
  };

const fail = (error: Error): never => {
  throw error;
};

const asError = (problem: unknown): Error => (isError(problem) ? (problem as Error) : invalid(shown(problem), problem));

const problemOf = (result: Either<unknown, unknown>): Error => {
  if (result._tag === 'Left') return asError(result.left);
  if (result._tag === 'Right') return asError(result.right);
  // a decoder in JavaScript may return anything, such as a Promise
  ignoreOutcome(result);
  return invalid(shown(result), result);
};

const isPresent = (event: unknown): boolean => event !== undefined && event !== null;

const invalid = (found: string, cause: unknown): DecodeError =>
  new DecodeError({ path: 'message', expected: 'an event from the decoder', found }, cause);
