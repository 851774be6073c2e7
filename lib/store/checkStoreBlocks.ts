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

/** Refuses options of `storeBlocks` that are invalid or unknown, those of each subscriber included. */
export const checkStoreBlocks = (options: unknown): void => {
  checkOptions('storeBlocks', options, CHECKS);
  for (const subscriber of (options as { readonly subscribers: readonly unknown[] }).subscribers)
    checkOptions('a block subscriber', subscriber, SUBSCRIBER);
};
