// a simulated market ──blocks──► socket ──► data node
//          ▲                                    │
//          └── begins after the last committed ◄┘ block; it asks first, on each connection
import {
  combineLatest,
  concat,
  defer,
  filter,
  take,
  interval,
  map,
  mergeMap,
  NEVER,
  type Observable,
  of,
  ReplaySubject,
  retry,
  takeUntil,
  takeWhile,
  tap,
  timer,
  withLatestFrom,
} from 'rxjs';
import { fromPull, type Pausable } from 'rx-event-broker';
import type { Inproc } from 'rx-event-broker/node';
import { encodeEvent, type VegaEvent } from 'rx-event-broker/vega';
import { marketBlocks } from '../market/index.js';
import { isStored, type Progress, question } from '../node/progress.js';
import { type Answer, readAnswer } from './answer.js';
import { upgradeStarted } from './upgradeStarted.js';

export interface CoreOptions {
  /** Default 1. */
  readonly seed?: number;
  readonly chainId: string;
  /** How many blocks; `Infinity`: without end. */
  readonly blocks: number;
  /** `Infinity`: as fast as the node accepts them. */
  readonly blocksPerSecond: number;
  /** Whether an upgrade begins after the last block. Default `false`. */
  readonly upgrade?: boolean;
  /** Called each time the node cannot be reached, or its connection is lost. */
  readonly lost?: (error: Error) => void;
}

interface Block {
  readonly height: number;
  readonly hash: string;
}

/** The time between two attempts to dial, in ms. */
const RETRY_MS = 250;

/**
 * A core node. It dials, asks for the node's progress, and sends the blocks after that. After a lost connection, it starts again.
 * Emits the node's answers. Completes when the node has committed the last block, or is ready for the upgrade.
 *
 * Pair has no acknowledgements, so messages in flight may be lost with a connection. That is why it begins again after the last
 * *committed* block, and the node drops duplicates.
 */
export const marketCore = (dial: Inproc['client'], options: CoreOptions): Observable<Answer> =>
  defer(() => {
    const progress$ = new ReplaySubject<Progress>(1);
    const last$ = new ReplaySubject<Block>(1);
    const messages$: Pausable<Uint8Array> = pause$ =>
      concat(
        of(question),
        progress$.pipe(
          take(1),
          map(progress => blocksBehind(progress, options, last => last$.next(last))),
          mergeMap(blocks => paced(blocks, options.blocksPerSecond, pause$)),
        ),
        NEVER,
      );
    // The answer to an upgrade is missing only if the node had every block when it was asked: then it was restarted.
    const progressThatCounts$ = options.upgrade === true ? progress$.pipe(take(1)) : progress$;
    const done$ = combineLatest([progressThatCounts$, last$]).pipe(
      filter(([progress, last]) => isStored(progress, last)),
    );

    // This is one connection. The next one must ask again.
    return dial({ messages$, dialTimeout: 0 }).pipe(
      map(readAnswer),
      tap(answer => {
        if (answer.type === 'Progress') progress$.next(answer.progress);
      }),
      takeWhile(({ type }) => type !== 'Ready', true),
      takeUntil(done$),
    );
  }).pipe(
    retry({
      delay: (error: Error) => {
        options.lost?.(error);
        return timer(RETRY_MS);
      },
    }),
  );

/** The blocks that a node lacks. The last one is reported when all are sent, before the upgrade. */
function* blocksBehind(
  progress: Progress,
  { seed = 1, chainId, blocks, upgrade = false }: CoreOptions,
  taken: (last: Block) => void,
): Generator<readonly VegaEvent[]> {
  let last: Block | undefined;
  for (const events of marketBlocks({ seed, chainId, blocks, firstBlockTwice: true })) {
    const { blockNr: height, traceId: hash } = events[0]!;
    last = { height, hash };
    if (!isStored(progress, last)) yield events;
  }
  if (last === undefined) return;
  taken(last);
  if (upgrade) yield upgradeStarted(chainId, last.height);
}

const paced = (
  blocks: Iterator<readonly VegaEvent[]> & Iterable<readonly VegaEvent[]>,
  blocksPerSecond: number,
  pause$: Observable<boolean>,
): Observable<Uint8Array> =>
  blocksPerSecond === Infinity
    ? fromPull(() => messagesOf(blocks), { pause$ })
    : interval(1000 / blocksPerSecond).pipe(
        withLatestFrom(pause$),
        filter(([, paused]) => !paused),
        map(() => blocks.next()),
        takeWhile(({ done }) => done !== true),
        mergeMap(({ value }) => (value as readonly VegaEvent[]).map(encodeEvent)),
      );

function* messagesOf(blocks: Iterable<readonly VegaEvent[]>): Generator<Uint8Array> {
  for (const events of blocks) yield* events.map(encodeEvent);
}
