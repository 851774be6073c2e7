import { OptionError } from '../../../flow/contract/OptionError.js';
import type { BlockOf } from '../BlockOf.js';

/** Which records have been processed (promise D5), by number. */
export interface Acknowledgement {
  /** All records up to this one have been processed. */
  readonly acknowledged: number;
  /** The consumer received a record. */
  given(message: Uint8Array, number: number): void;
  /** The consumer requests the record after the last one it received. */
  asked(): void;
}

/** A record counts as processed when the next one is requested. */
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

/** A record counts as processed when the consumer has settled it. */
export const acknowledgeBySettlement = (
  start: number,
): Acknowledgement & { readonly settled: (number: number) => void } => {
  let acknowledged = start;
  return {
    get acknowledged() {
      return acknowledged;
    },
    given() {},
    asked() {},
    settled(number) {
      acknowledged = number;
    },
  };
};

/** The most blocks that are remembered. The oldest are forgotten: the key of a newer block acknowledges them as well. */
const MAX_OPEN_BLOCKS = 65_536;

/**
 * When a block is named, its last message and all messages before that count as processed. Keys are compared in lower case.
 *
 *     open   [ {key, last} {key, last} {key, last} ]     in the order in which the blocks were given
 *                            ▲ named: it and all before it are removed, acknowledged = last
 */
export const acknowledgeByBlock = (
  start: number,
  blockOf: BlockOf,
): Acknowledgement & { readonly named: (key: string) => void } => {
  const open = new Map<string, number>();
  let acknowledged = start;
  /** The last block, if it has already been named: its later messages count as processed immediately. */
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
      if (open.size > MAX_OPEN_BLOCKS) open.delete(open.keys().next().value!);
    },
    asked() {},
    named(named) {
      if (typeof named !== 'string') throw new OptionError('done$', 'the key of a block, a string', named);
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
