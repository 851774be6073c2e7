/** The key `Symbol[Name]` of a program whose types have it; `never` in others, whose types then name nothing of it. */
type KeyOf<Name extends string> = SymbolConstructor extends Readonly<Record<Name, infer K extends symbol>> ? K : never;

/**
 * What `using` (`dispose`) or `await using` (`asyncDispose`) calls at the end of a block, if the types of the program have
 * that symbol.
 * @see node_modules/rx-event-broker/docs/broker/signals-and-using.md
 */
export type Disposal<Name extends 'dispose' | 'asyncDispose', Dispose> = Readonly<Record<KeyOf<Name>, Dispose>>;
