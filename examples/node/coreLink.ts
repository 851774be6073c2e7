import { BehaviorSubject, filter, map, merge, type MonoTypeOperatorFunction, type Observable, Subject } from 'rxjs';
import { switchMap, takeUntil } from 'rxjs';
import { type Pausable, pausable, type CommittedBlock } from 'rx-event-broker';
import { encodeEvent } from 'rx-event-broker/vega';
import { encodeProgress, type Progress, withBlock } from './progress.js';

/** The node's side of the dialogue with its core. */
export interface CoreLink {
  /** Removes the core's questions from its messages. */
  readonly listen: MonoTypeOperatorFunction<Uint8Array>;
  /** The answers. */
  readonly replies$: Pausable<Uint8Array>;
  /** The node has committed a block. */
  readonly committed: (block: CommittedBlock) => void;
  /** The core has stopped for an upgrade, and all of its blocks up to `height` are committed. */
  readonly upgrade: (chainId: string, height: number) => void;
  /** Emits when the core has disconnected after that. */
  readonly upgraded$: Observable<unknown>;
}

/**
 * Answers a core that asks for the node's progress, now and after every commit, until it disconnects. Also answers a core that has
 * stopped for a protocol upgrade (promise N5). If answers cannot be sent yet, only the latest one is kept.
 */
export const coreLink = (stored: Progress, gone$: Observable<unknown>): CoreLink => {
  const progress$ = new BehaviorSubject(stored);
  const asked$ = new Subject<void>();
  const ready$ = new Subject<Uint8Array>();
  return {
    listen: filter(message => {
      if (message.length > 0) return true;
      asked$.next();
      return false;
    }),
    replies$: pause$ =>
      merge(
        asked$.pipe(
          switchMap(() => progress$.pipe(takeUntil(gone$))),
          map(encodeProgress),
          pausable({ hold$: pause$, capacity: 1, overflow: 'dropOldest' }),
        ),
        ready$,
      ),
    committed: block => progress$.next(withBlock(progress$.value, block)),
    upgrade: (chainId, height) => ready$.next(readyFor(chainId, height)),
    upgraded$: ready$.pipe(switchMap(() => gone$)),
  };
};

/** The answer that a core waits for before it stops. */
const readyFor = (chainId: string, height: number): Uint8Array =>
  encodeEvent({
    type: 'ProtocolUpgradeDataNodeReady',
    blockNr: height,
    sequence: 1,
    traceId: '',
    chainId,
    txHash: '',
    payload: { lastBlockHeight: height },
  });
