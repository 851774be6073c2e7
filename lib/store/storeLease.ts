/** A turn at a store. */
export interface StoreLease {
  /** Resolves when those before have ended; `undefined` where it is free already. */
  readonly turn: Promise<void> | undefined;
  /** Ends the turn, or the waiting for it. */
  end(): void;
}

/** One for all copies of the library that a program holds: an ES module and a CommonJS one may share a store. */
const TURNS = Symbol.for('rx-event-broker: turns at block stores');
const shared = globalThis as { [TURNS]?: WeakMap<object, Promise<void>> };
const lastTurns = (shared[TURNS] ??= new WeakMap<object, Promise<void>>());

/**
 * Asks for a store: one subscription at a time writes to it, in the order in which they asked (promise L1). The store
 * is what is taken, or its connection, not the Observable, so that a `defer` that makes a new one waits for the old one too.
 */
export const storeLease = (store: { readonly resource?: object }): StoreLease => {
  const taken = store.resource ?? store;
  const turn = lastTurns.get(taken);
  let endTurn = (): void => {};
  const ended = new Promise<void>(resolve => {
    endTurn = resolve;
  });
  const mine = turn === undefined ? ended : turn.then(() => ended);
  lastTurns.set(taken, mine);
  void mine.then(() => {
    if (lastTurns.get(taken) === mine) lastTurns.delete(taken);
  });
  return { turn, end: endTurn };
};
