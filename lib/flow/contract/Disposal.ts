/** The key `Symbol[Name]` of a program whose types have it; `never` in others, whose types then name nothing of it. */
type KeyOf<Name extends string> = SymbolConstructor extends Readonly<Record<Name, infer K extends symbol>> ? K : never;

/**
 * What `using` disposes, if the types of the program have `Symbol.dispose`.
 * @see node_modules/rx-event-broker/docs/broker/signals-and-using.md
 */
export type SyncDisposal = {
  /** Closes it, at the end of the block. */
  readonly [K in KeyOf<'dispose'>]: () => void;
};

/**
 * What `await using` disposes, if the types of the program have `Symbol.asyncDispose`.
 * @see node_modules/rx-event-broker/docs/broker/signals-and-using.md
 */
export type AsyncDisposal = {
  /** Closes it, at the end of the block, which waits for that. */
  readonly [K in KeyOf<'asyncDispose'>]: () => Promise<void>;
};
