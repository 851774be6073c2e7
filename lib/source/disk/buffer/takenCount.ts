import type { Settlement } from '../../../flow/contract/Settlement.js';
import { currentValue } from '../../../flow/level/currentValue.js';
import { SettledCount } from '../../../flow/settlement/SettledCount.js';
import type { Sync } from './bufferOptions.js';

/** Counts the messages taken from the source, and notifies the source of those that are settled. Records go by number. */
export interface TakenCount {
  readonly settlement: Settlement;
  /** A message was received. */
  take(): void;
  /** The records up to `last` are written; `isAll`: no more wait. */
  written(last: number, isAll: boolean): void;
  /** The records up to `last` are on the disk. */
  synced(last: number): void;
  /** Nothing more will be settled. */
  end(): void;
}

/**
 * A message of the source is settled when it is durable as `sync` says (promise K4): synced; with `never`, written.
 *
 * With `onBlock` the last messages are synced only when the next block begins. So that a source can complete before that,
 * the count is at rest once everything received is written.
 *
 * @param before - The number of the last record before those of the source.
 */
export const takenCount = (sync: Sync, before: number): TakenCount => {
  const rest = currentValue(true, 'a source threw when its consumer came to rest');
  const count = new SettledCount({ received: 0, settled: 0 }, () => {}, sync === 'onBlock' ? rest.value$ : undefined);
  return {
    settlement: count,
    take() {
      count.received++;
      if (rest.value) rest.set(false);
    },
    written(last, isAll) {
      if (sync === 'never') count.settle(last - before);
      if (rest.value !== isAll) rest.set(isAll);
    },
    synced: last => count.settle(last - before),
    end: () => count.end(),
  };
};
