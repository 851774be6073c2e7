import { OptionError } from '../../flow/contract/OptionError.js';
import { ignoreOutcome } from '../../flow/mailbox/Work.js';

/** Returns the block that a message belongs to, so that files and disk buffers work with any protocol. */
export type BlockOf = (message: Uint8Array) => {
  /** The key of the block, such as its hash. */
  readonly block: string;
  /** Whether the message is the first of the block. */
  readonly begins: boolean;
};

/** Validates what `blockOf` returns, since JavaScript can return anything. */
export const checkedBlockOf =
  (blockOf: BlockOf): BlockOf =>
  message => {
    const found = blockOf(message) as Partial<ReturnType<BlockOf>> | null | undefined;
    if (typeof found?.block === 'string' && typeof found.begins === 'boolean') return found as ReturnType<BlockOf>;
    ignoreOutcome(found);
    throw new OptionError('blockOf', 'a function that returns { block: string, begins: boolean }', found);
  };
