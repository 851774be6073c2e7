import type { NextObserver, SchedulerLike } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Notice } from '../flow/contract/Notice.js';
import type { Work } from '../flow/mailbox/Work.js';
import type { BlockMark } from './blocks.js';
import type { BlockStore } from './BlockStore.js';
import type { BlockSubscriber } from './BlockSubscriber.js';
import {
  aFunction,
  checkOptions,
  choice,
  having,
  needed,
  observer,
  scheduler,
  text,
  type Check,
} from '../flow/contract/options.js';

/**
 * Options of `storeBlocks`.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface StoreBlocksOptions<
  E extends AnyEvent,
  Tx,
  T extends readonly (E['type'] | All)[],
> extends BlockWriterOptions<E, Tx> {
  /** The subscribers that write the events of a block, called in this order. */
  readonly subscribers: { readonly [I in keyof T]: BlockSubscriber<E, T[I], Tx> };
}

/** The options of `storeBlocks` that do not depend on the types of its subscribers. */
export interface BlockWriterOptions<E extends AnyEvent, Tx> {
  /** Every event must belong to this chain. An event of another chain errors with `ChainIdError` (promise S10). */
  readonly chainId: string;
  /** Where the blocks are kept: `memoryBlockStore()`, `sqlBlockStore(client)` or your own. */
  readonly store: BlockStore<Tx>;
  /**
   * What an event means for its block. The entry `vega` has one for its protocol; for another protocol, write your own.
   */
  readonly blockMark: (event: E) => BlockMark;
  /** The height at which an empty store begins. It is ignored if the store has blocks. Default 1. */
  readonly firstHeight?: number;
  /**
   * What a failing subscriber does. `stop`, the default: the block fails and `storeBlocks` errors. `continue`: what
   * that call wrote is undone, a `Failed` notice is emitted, and the block goes on (promise S7).
   */
  readonly onFailure?: 'stop' | 'continue';
  /**
   * Called when the core has stopped for a protocol upgrade after the block at `height`. `storeBlocks` waits for its
   * result, then completes (promise S6).
   */
  readonly onUpgrade?: (chainId: string, height: number) => Work;
  /** Times `SlowBlock` and `OpenBlock`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /**
   * Receives `SlowBlock`, `OpenBlock`, `Failed`, `Waiting` and `Released`. Default: none; failures go to
   * `console.error`.
   */
  readonly notices?: NextObserver<Notice<NoInfer<E>>>;
}

const aHeight: Check = {
  expected: 'a whole number, 0 or more',
  allows: value => Number.isSafeInteger(value) && (value as number) >= 0,
};

const anArray: Check = { expected: 'an array', allows: Array.isArray };

const CHECKS = {
  chainId: needed(text),
  store: needed(having('a block store', 'progress', 'begin', 'add', 'attempt', 'commit', 'rollback', 'refreshViews')),
  blockMark: needed(aFunction),
  subscribers: needed(anArray),
  firstHeight: aHeight,
  onFailure: choice('stop', 'continue'),
  onUpgrade: aFunction,
  scheduler,
  notices: observer,
};

const SUBSCRIBER = {
  name: text,
  types: needed(anArray),
  beginBlock: aFunction,
  next: needed(aFunction),
  flush: aFunction,
  parts: aFunction,
};

/** Throws if an option of `storeBlocks` or of one of its subscribers is invalid or unknown. */
export const checkStoreBlocks = (options: unknown): void => {
  checkOptions('storeBlocks', options, CHECKS);
  for (const subscriber of (options as { readonly subscribers: readonly unknown[] }).subscribers)
    checkOptions('a block subscriber', subscriber, SUBSCRIBER);
};
