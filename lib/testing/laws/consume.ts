import { BehaviorSubject, Observable } from 'rxjs';
import type { Pausable } from '../../flow/contract/Pausable.js';
import { SettledCount } from '../../flow/settlement/SettledCount.js';
import type { End } from './record.js';

/** A consumer of a pausable source, controlled by a test. */
export interface Consumer<T> {
  readonly values: readonly T[];
  /** Values that arrived while the level was true or had failed. A correct source emits none then. */
  readonly whilePaused: readonly T[];
  readonly ends: readonly End[];
  /** How `pause$` was used. */
  readonly pause: { readonly subscribed: number; readonly released: number; readonly beforeFirstValue: boolean };
  readonly setPaused: (level: boolean) => void;
  readonly finishPause: () => void;
  readonly failPause: (error: Error) => void;
  readonly leave: () => void;
  /** Resolves when the source has ended or was unsubscribed. */
  readonly over: Promise<void>;
}

export const consume = <T>(
  source: Pausable<T>,
  onValue: (consumer: Consumer<T>, value: T) => void = () => undefined,
  paused = false,
): Consumer<T> => {
  const level$ = new BehaviorSubject(paused);
  let mayEmit = !paused;
  const values: T[] = [];
  const whilePaused: T[] = [];
  const ends: End[] = [];
  const pause = { subscribed: 0, released: 0, beforeFirstValue: true };
  let leave = (): void => undefined;
  let settle = (): void => undefined;
  const consumer: Consumer<T> = {
    values,
    whilePaused,
    ends,
    pause,
    setPaused: level => {
      mayEmit = !level;
      level$.next(level);
    },
    finishPause: () => level$.complete(),
    failPause: error => {
      mayEmit = false;
      level$.error(error);
    },
    leave: () => leave(),
    over: new Promise(resolve => {
      settle = resolve;
    }),
  };
  // each value is settled when it is received
  const settled: SettledCount = new SettledCount({ received: 0, settled: 0 }, () => settled.settle(settled.received));
  const pause$ = new Observable<boolean>(subscriber => {
    pause.subscribed++;
    pause.beforeFirstValue &&= values.length === 0;
    subscriber.add(() => pause.released++);
    level$.subscribe(subscriber);
  });
  new Observable<T>(subscriber => {
    leave = () => subscriber.unsubscribe();
    subscriber.add(settle);
    source(pause$, settled).subscribe(subscriber);
  }).subscribe({
    next: value => {
      settled.received++;
      if (!mayEmit) whilePaused.push(value);
      values.push(value);
      onValue(consumer, value);
      settled.settle(settled.received);
    },
    error: (error: unknown) => ends.push({ kind: 'error', error }),
    complete: () => ends.push({ kind: 'complete' }),
  });
  return consumer;
};
