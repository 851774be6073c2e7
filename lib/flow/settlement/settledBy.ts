import { Subscription, type Subscriber } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { aFunction, aSettlement, checkOption, checkOptions, choice, needed } from '../contract/options.js';
import { isThenable } from '../mailbox/Work.js';
import { writeError } from '../reporter.js';
import { RingBuffer } from '../RingBuffer.js';
import { subscribeOwned } from '../subscribeOwned.js';
import { askRest } from './askRest.js';
import { HeldBackError, NotSettledError } from './errors.js';

/**
 * The function that a source calls for each value, made by `settledBy`.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface Given<Token> {
  /**
   * Emits a value: calls `emit`, which must call `next` of the subscriber before it returns. `token` identifies the value
   * for the acknowledgement: a delivery tag, a row id, an offset. Does nothing after the subscriber was unsubscribed.
   */
  (token: Token, emit: () => void): void;
  /** Completes the subscriber when all values are settled (promise K3). */
  complete(): void;
  /** Tokens that are not settled. Does not count tokens at the end whose values did not reach the consumer. */
  readonly unsettled: number;
}

/** A token that waits for its settlement. */
interface Entry<Token> {
  readonly token: Token;
  /** How many values the consumer must have settled first; `Infinity`, since unknown, until `emit` has returned. */
  bound: number;
}

/**
 * For authors of sources: calls `upTo` with a token when the consumer has settled all values up to that token.
 *
 *     given(a, …)  given(b, …)  given(c, …)
 *     settled         0 ─ ─ ─ ─ 2 ─ ─ ─ 3
 *     upTo                      b       c        in order; if several are settled together, only with the last token
 *
 * Operators between source and consumer may drop, change or multiply values, if they do so inside `next` (promise K2).
 *
 * If nothing reaches the consumer inside `emit`, or if `emit` throws, the token is settled together with the next one. The
 * value may have been dropped, but also collected (`bufferCount`, `pairwise`) or delayed by mistake. `empty: 'atOnce'`
 * settles such a token with the ones before it instead. Use it only if operators can do nothing but drop, and an engine
 * bounds how much may be unsettled.
 *
 * The subscriber errors with `HeldBackError` if a value reaches the consumer later (`concatMap` with a Promise,
 * `observeOn`), and with the error that `upTo` throws or rejects with. Throws `NotSettledError` without a settlement.
 *
 * @param subscriber - The subscriber of the source. Tokens that are unsettled when it unsubscribes are never reported.
 * @param settlement - The consumer's settlement. With `'none'`, a token is settled as soon as its value was emitted.
 * @param upTo - Called with a token when it and all earlier ones are settled. If it returns a Promise, completion waits
 *   for that; the next call does not. A rejection errors the subscriber.
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
    /** When to settle a token whose value did not reach the consumer. Default `'withNext'`. */
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
    /** Values that the consumer had received when the source last emitted. */
    seen: count.received,
    /** How many calls of `emit` are on the stack. */
    depth: 0,
    isReporting: false,
    isCompleting: false,
    /** The consumer works on nothing; only later values could settle the rest. */
    isAtRest: false,
    isRestAsked: false,
    /** The consumer will settle nothing more. */
    isOver: false,
    /** Promises of `upTo` that have not resolved. */
    acknowledging: 0,
    /** Unsettled tokens that were discarded, since they are never settled. */
    lost: 0,
  };
  const unsettled = (): number => waiting.length + state.lost;

  const report = (token: Token): void => {
    const work = upTo(token);
    if (typeof work !== 'object' || work === null || !isThenable(work)) return;
    state.acknowledging++;
    Promise.resolve(work).then(
      () => {
        state.acknowledging--;
        update();
      },
      (error: unknown) => {
        if (subscriber.closed) writeError('an acknowledgement failed after its consumer had unsubscribed', error);
        else subscriber.error(error);
      },
    );
  };

  /** Called only after the last value: subscribing to `atRest$` makes a batching consumer hand over its last batch. */
  const askOnce = (): void => {
    if (state.isRestAsked) return;
    state.isRestAsked = true;
    if (settlement === 'none') return;
    askRest(new Subscription(), subscriber, settlement, isAtRest => {
      state.isAtRest = isAtRest;
      update();
    });
  };

  const update = (): void => {
    if (state.isReporting || subscriber.closed) return;
    state.isReporting = true;
    try {
      for (let last = takeSettled(); last !== undefined; last = takeSettled()) report(last.token);
    } catch (error) {
      subscriber.error(error);
    }
    state.isReporting = false;
    if (state.depth > 0) return;
    if (state.isOver) {
      state.lost += waiting.length;
      waiting.clear();
    }
    if (!state.isCompleting) return;
    askOnce();
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
      // reporting the next token covers this one
      if (isEmpty && (hasThrown || (empty === 'withNext' && settlement !== 'none'))) waiting.pop();
      else entry.bound = count.received;
      update();
    }
  };

  if (settlement !== 'none') {
    subscribeOwned(subscriber, settlement.settled$, {
      next: now => {
        state.settled = now;
        if (!isHeldBack()) update();
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        state.isOver = true;
        update();
      },
    });
  }
  const complete = (): void => {
    if (state.isCompleting || isHeldBack()) return;
    state.isCompleting = true;
    update();
  };
  return Object.defineProperty(Object.assign(given, { complete }), 'unsettled', {
    get: unsettled,
  }) as Given<Token>;
};
