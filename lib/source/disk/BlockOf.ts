import { OptionError } from '../../flow/OptionError.js';

/** The seam between messages and blocks: which block a message belongs to (a key), and whether it begins one. */
export type BlockOf = (message: Uint8Array) => { readonly block: string; readonly begins: boolean };

/** The same, but what it gives is checked: JavaScript can give anything. */
export const checkedBlockOf =
  (blockOf: BlockOf): BlockOf =>
  message => {
    const found = blockOf(message) as Partial<ReturnType<BlockOf>> | null | undefined;
    if (typeof found?.block === 'string' && typeof found.begins === 'boolean') return found as ReturnType<BlockOf>;
    throw new OptionError('blockOf', 'a function that gives { block: string, begins: boolean }', found);
  };
