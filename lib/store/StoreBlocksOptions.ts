import type { NextObserver, SchedulerLike } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Notice } from '../flow/Notice.js';
import type { Work } from '../flow/Work.js';
import type { BlockMark } from './BlockMark.js';
import type { BlockStore } from './BlockStore.js';
import type { BlockSubscriber } from './BlockSubscriber.js';

/** Options of `storeBlocks`. */
export interface StoreBlocksOptions<
  E extends AnyEvent,
  Tx,
  T extends readonly (E['type'] | All)[],
> extends BlockWriterOptions<E, Tx> {
  /** Called in this order. */
  readonly subscribers: { readonly [I in keyof T]: BlockSubscriber<E, T[I], Tx> };
}

/** The options that do not depend on what the subscribers ask for. */
export interface BlockWriterOptions<E extends AnyEvent, Tx> {
  /** Every event must be of this chain (promise S10). */
  readonly chainId: string;
  readonly store: BlockStore<Tx>;
  /** What the store needs to know of an event. */
  readonly blockMark: (event: E) => BlockMark;
  /** The height at which an empty store begins. Default 1; a store that holds blocks knows its own. */
  readonly firstHeight?: number;
  /**
   * What a failing subscriber does. Default `stop`: it fails the block, and `storeBlocks` errors. `continue`: what that
   * one call wrote is undone, a `Failed` notice says so, and the block goes on (promise S7).
   */
  readonly onFailure?: 'stop' | 'continue';
  /** The core has stopped for a protocol upgrade after the block at `height`; it is waited for (promise S6). */
  readonly onUpgrade?: (chainId: string, height: number) => Work;
  /** The clock for `SlowBlock` and `OpenBlock`. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly notices?: NextObserver<Notice<NoInfer<E>>>;
}
