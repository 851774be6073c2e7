import { OptionError } from '../../../flow/contract/OptionError.js';
import type { BlockOf } from '../BlockOf.js';

/** Which records are done with (promise D5), by number. */
export interface Acknowledgement {
  /** All records up to this one. */
  readonly acknowledged: number;
  /** A record is given downstream. */
  given(message: Uint8Array, number: number): void;
  /** What comes behind the last given record is asked for. */
  asked(): void;
}

/** What was given before the message last asked for is done with. */
export const acknowledgeByDemand = (start: number): Acknowledgement => {
  let last = start;
  let acknowledged = start;
  return {
    get acknowledged() {
      return acknowledged;
    },
    given(_, number) {
      acknowledged = number - 1;
      last = number;
    },
    asked() {
      acknowledged = last;
    },
  };
};

/** Blocks that are remembered: the key of an older one says nothing any more, the next newer one's says it too. */
const maxOpenBlocks = 65_536;

/**
 * What was given up to the last message of a block is done with when its key is named. Keys are compared in lower case.
 *
 *     open   [ {key, last} {key, last} {key, last} ]     in the order in which the blocks were given
 *                            ▲ named: it and all before it leave, acknowledged = last
 */
export const acknowledgeByBlock = (
  start: number,
  blockOf: BlockOf,
): Acknowledgement & { readonly named: (key: string) => void } => {
  const open = new Map<string, number>();
  let acknowledged = start;
  /** The block that was given last, where it has been named already: what else comes of it is done with at once. */
  let lateKey: string | undefined;
  return {
    get acknowledged() {
      return acknowledged;
    },
    given(message, number) {
      const key = blockOf(message).block.toLowerCase();
      if (key === lateKey) {
        acknowledged = number;
        return;
      }
      lateKey = undefined;
      open.delete(key);
      open.set(key, number);
      if (open.size > maxOpenBlocks) open.delete(open.keys().next().value!);
    },
    asked() {},
    named(named) {
      if (typeof named !== 'string') throw new OptionError('done$', 'keys of blocks, which are strings', named);
      const key = named.toLowerCase();
      const last = open.get(key);
      if (last === undefined) return;
      for (const block of open.keys()) {
        open.delete(block);
        if (block === key) break;
      }
      acknowledged = last;
      if (open.size === 0) lateKey = key;
    },
  };
};
