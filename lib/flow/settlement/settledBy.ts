import type { Subscriber } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { aFunction, aSettlement, checkOption, checkOptions, choice, needed } from '../contract/options.js';
import { isThenable } from '../mailbox/Work.js';
import { writeError } from '../reporter.js';
import { RingBuffer } from '../RingBuffer.js';
import { subscribeOwned } from '../subscribeOwned.js';
import { HeldBackError, NotSettledError } from './errors.js';

/**
 * What a source calls for each value that it gives.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface Given<Token> {
  /**
   * Emits by calling `emit`, which must call `next` of the subscriber before it returns. `token` identifies what is
   * acknowledged: a delivery tag, a row id, an offset. Does nothing after the subscriber has left.
   */
  (token: Token, emit: () => void): void;
  /** Completes the subscriber when all that was given is settled (promise K3). */
  complete(): void;
  /** Tokens that are not settled. Not those at the end that gave nothing. */
  readonly unsettled: number;
}

/** A token that was given. */
interface Entry<Token> {
  readonly token: Token;
  /** How many values the consumer must have settled before it: unknown (`Infinity`) until `emit` has returned. */
  bound: number;
}

/**
 * For authors of sources: calls `upTo` when the consumer has finished with what was given, up to a token.
 *
 *     given(a, …)  given(b, …)  given(c, …)
 *     settled         0 ─ ─ ─ ─ 2 ─ ─ ─ 3
 *     upTo                      b       c        tokens leave in order; only the last one of a step is told
 *
 * Operators between source and consumer may drop, change or multiply values, if they do so inside `next` (promise K2).
 * A value that gave nothing is settled together with the next one that does: nobody knows whether it was dropped, or is
 * collected (`bufferCount`, `pairwise`), or held back by mistake. The same goes for one whose `emit` threw. If operators can do nothing but drop, and an engine
 * bounds how much may be unsettled, say `empty: 'atOnce'`: then it is settled with those before it.
 *
 * The subscriber errors with `HeldBackError` if a value reaches the consumer later (`concatMap` with a Promise,
 * `observeOn`), and with what `upTo` throws or rejects with. Throws `NotSettledError` if there is no settlement.
 *
 * @param subscriber - The subscriber of the source. What is unsettled when it leaves is never told.
 * @param settlement - What the consumer gave; `'none'` tells each token as soon as it was given.
 * @param upTo - Called with the last token that is settled, and with it all before it. If it returns a Promise, the
 *   completion waits for it; the next call does not. One that rejects is an error of the subscriber.
 * @param options - `empty`, default `'withNext'`.
 * @example
 * ```ts
 * const source: Pausable<string> = (pause$, settlement) =>
 *   new Observable(subscriber => {
 *     const given = settledBy<number>(subscriber, settlement, tag =>
 *       channel.ack(tag),
 *     );
 *     return channel.consume((tag, text) =>
 *       given(tag, () => subscriber.next(text)),
 *     );
 *   });
 * ```
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export const settledBy = <Token>(
  subscriber: Subscriber<never>,
  settlement: Settlement | 'none' | undefined,
  upTo: (token: Token) => unknown,
  options: {
    /** When a value that gave nothing is settled. Default `'withNext'`. */
    readonly empty?: 'atOnce' | 'withNext';
  } = {},
): Given<Token> => {
  checkOption('upTo', upTo, needed(aFunction));
  const { empty = 'withNext' } = checkOptions('settledBy', options, { empty: choice('atOnce', 'withNext') });
  if (settlement === undefined) throw new NotSettledError('settledBy');
  if (settlement !== 'none') checkOption('settlement', settlement, aSettlement);
  const waiting = new RingBuffer<Entry<Token>>();
  const count = settlement === 'none' ? { received: 0 } : settlement;
  const state = {
    settled: 0,
    /** What the consumer had received when the source last emitted. */
    seen: count.received,
    /** How many calls of `emit` are on the stack. */
    depth: 0,
    isTelling: false,
    isCompleting: false,
    /** What is not settled is settled with values to come. */
    isAtRest: false,
    isRestAsked: false,
    /** The consumer will settle nothing more. */
    isOver: false,
    /** Promises of `upTo` that have not resolved. */
    acknowledging: 0,
    /** Tokens that are not kept any more, since they are never settled. */
    lost: 0,
  };
  const unsettled = (): number => waiting.length + state.lost;

  const tell = (token: Token): void => {
    const told = upTo(token);
    if (typeof told !== 'object' || told === null || !isThenable(told)) return;
    state.acknowledging++;
    Promise.resolve(told).then(
      () => {
        state.acknowledging--;
        leave();
      },
      (error: unknown) => {
        if (subscriber.closed) writeError('an acknowledgement failed, and its consumer has left', error);
        else subscriber.error(error);
      },
    );
  };

  /** Only at the end, after the last value: a consumer that collects a batch then hands it over. */
  const askRest = (): void => {
    if (state.isRestAsked) return;
    state.isRestAsked = true;
    if (settlement === 'none' || settlement.atRest$ === undefined) return;
    subscribeOwned(subscriber, settlement.atRest$, {
      next: level => {
        state.isAtRest = level;
        leave();
      },
      error: (error: unknown) => subscriber.error(error),
    });
  };

  const leave = (): void => {
    if (state.isTelling || subscriber.closed) return;
    state.isTelling = true;
    try {
      for (let last = takeSettled(); last !== undefined; last = takeSettled()) tell(last.token);
    } catch (error) {
      subscriber.error(error);
    }
    state.isTelling = false;
    if (state.depth > 0) return;
    if (state.isOver) {
      state.lost += waiting.length;
      waiting.clear();
    }
    if (!state.isCompleting) return;
    askRest();
    if (state.acknowledging === 0 && (state.isAtRest || unsettled() === 0)) subscriber.complete();
  };

  const takeSettled = (): Entry<Token> | undefined => {
    let last: Entry<Token> | undefined;
    for (let first = waiting.at(0); first !== undefined && first.bound <= state.settled; first = waiting.at(0))
      last = waiting.shift();
    return last;
  };

  const isHeldBack = (): boolean => {
    if (state.depth > 0 || count.received === state.seen) return false;
    subscriber.error(new HeldBackError(count.received - state.seen));
    return true;
  };

  const given = (token: Token, emit: () => void): void => {
    if (subscriber.closed || isHeldBack()) return;
    const entry: Entry<Token> = { token, bound: Infinity };
    waiting.push(entry);
    const before = count.received;
    state.depth++;
    let hasThrown = true;
    try {
      emit();
      hasThrown = false;
    } finally {
      state.depth--;
      if (state.depth === 0) state.seen = count.received;
      const isEmpty = count.received === before && waiting.at(waiting.length - 1) === entry;
      // the next one that is told covers it
      if (isEmpty && (hasThrown || (empty === 'withNext' && settlement !== 'none'))) waiting.pop();
      else entry.bound = count.received;
      leave();
    }
  };

  if (settlement !== 'none') {
    subscribeOwned(subscriber, settlement.settled$, {
      next: now => {
        state.settled = now;
        if (!isHeldBack()) leave();
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        state.isOver = true;
        leave();
      },
    });
  }
  const complete = (): void => {
    if (state.isCompleting || isHeldBack()) return;
    state.isCompleting = true;
    leave();
  };
  return Object.defineProperty(Object.assign(given, { complete }), 'unsettled', {
    get: unsettled,
  }) as Given<Token>;
};
