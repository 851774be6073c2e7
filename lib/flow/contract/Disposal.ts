/** The type of `Symbol[Name]` if the types of the program have that symbol; `never` otherwise. */
type KeyOf<Name extends string> = SymbolConstructor extends Readonly<Record<Name, infer K extends symbol>> ? K : never;

/**
 * The method that `using` (`dispose`) or `await using` (`asyncDispose`) calls at the end of a block. Empty if the types of
 * the program do not have that symbol.
 * @see node_modules/rx-event-broker/docs/broker/signals-and-using.md
 */
export type Disposal<Name extends 'dispose' | 'asyncDispose', Dispose> = Readonly<Record<KeyOf<Name>, Dispose>>;
