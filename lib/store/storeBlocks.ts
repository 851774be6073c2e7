import {
  catchError,
  concat,
  defer,
  filter,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  takeWhile,
  tap,
  type Observable,
} from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { Either } from '../event/Either.js';
import { escaped } from '../event/shown.js';
import { reporter } from '../flow/reporter.js';
import type { Source } from '../flow/contract/Source.js';
import { lease } from '../flow/lease.js';
import { mailboxStream } from '../flow/mailboxStream.js';
import { blockRoutes, type AnyBlockSubscriber } from './blockRoutes.js';
import { blockWriter, type BlockOutcome } from './blockWriter.js';
import { checkStoreBlocks, type StoreBlocksOptions } from './StoreBlocksOptions.js';
import type { CommittedBlock } from './blocks.js';

/**
 * Stores events, one transaction per block, each block exactly once, and emits each block once it is stored.
 *
 *     source        (b₁ e e)-e-(b₂ e)-e------|     b begins a block, the last e ends it
 *     storeBlocks   ----------1---------2----|     after the commit
 *
 * **Use it** if nothing may be lost or stored twice, whatever crashes. The store's progress is part of each block's
 * transaction, so a restart skips what is stored and continues after it (promises S1, S11). Start the source at the
 * beginning of the recording, or at any stored begin-block.
 *
 * **Order.** Each `beginBlock` is called, a transaction is opened, and the block is stored. Then its events are delivered,
 * the begin-block first and the end-block last. Then each `flush` is called and the transaction is committed. After an
 * epoch update the views are refreshed. One operation runs at a time. The source is paused when 1024 events wait.
 *
 * **Errors.** `BlockOrderError` (events or blocks out of order: S1, S4), `ChainIdError` (another chain: S10),
 * `BlockFailedError` (what failed, on which event, and why: S7), `BacklogFullError` if the source cannot be paused, and
 * the source's own error. The open block is rolled back before the error is emitted. An invalid result of `blockMark`,
 * such as a fractional height, errors the stream with `OptionError`. For an invalid option the call throws it.
 *
 * **Notices.** `OpenBlock`: the source completed inside a block. The block is rolled back, and the stream completes (S8).
 * `SlowBlock`: a block has been open for more than 2 s; emitted again when it is stored (S9). `Waiting`: the store has
 * not answered for 2 s while no block is open, for example because its client never connects.
 *
 * **Release.** Unsubscribing lets the operation in flight finish, then rolls back, then emits `Released`. A second
 * subscription to the same store waits for that (`Waiting`), so `retry` and `repeat` are safe (promise L1).
 *
 * **Gotchas.** A block may have been committed without being emitted when the process died: compare with the store's
 * progress. A subscriber's Promise that never settles delays the release forever.
 *
 * @param source - The events of one chain, in order.
 * @param options - The chain, the store, `blockMark` and the subscribers.
 * @example
 * ```ts
 * storeBlocks(source, {
 *   chainId: 'main',
 *   store: sqlBlockStore(client),
 *   blockMark,
 *   subscribers: [orders, trades],
 * }).subscribe(({ height }) => console.log('stored', height));
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const storeBlocks = <E extends AnyEvent, Tx, const T extends readonly (E['type'] | All)[]>(
  source: Source<E>,
  options: StoreBlocksOptions<E, Tx, T>,
): Observable<CommittedBlock> => {
  checkStoreBlocks(options);
  const { chainId, store, notices, scheduler } = options;
  const what = `block store of ${escaped(chainId)}`;
  const routes = blockRoutes(options.subscribers as unknown as readonly AnyBlockSubscriber<E, Tx>[]);

  return defer(() => {
    const report = reporter<E>(notices, { id: 0, key: 0, name: what });
    // The lease is on the store's connection if it has one, so a `defer` that creates another store on it waits as well.
    let isWaiting = true;
    const turn = new Promise<() => void>(resolve => {
      lease(store.resource ?? store, end => {
        isWaiting = false;
        resolve(end);
      });
    });
    const writer = blockWriter(options, routes, report, turn);
    if (isWaiting) report.notify({ type: 'Waiting', what });

    const loaded$ = from(writer.loading).pipe(map(orThrow), ignoreElements());
    // Like `backpressure`, but an event that finishes synchronously costs no Observable.
    const outcome$ = mailboxStream<E, BlockOutcome>({
      operator: 'storeBlocks',
      delivery: { required: true, name: what, scheduler, notices },
      start: event => {
        const outcome = writer.handle(event);
        return outcome === undefined ? undefined : from(outcome).pipe(map(orThrow), filter(isSomething));
      },
      emits: true,
      isGroupOver: () => writer.isBetweenBlocks(),
    })(source);
    const finished$ = defer(() => writer.release()).pipe(
      tap(({ open }) => {
        if (open !== undefined) report.notify({ type: 'OpenBlock', ...open });
      }),
      ignoreElements(),
    );

    return concat(merge(loaded$, outcome$), finished$).pipe(
      takeWhile((outcome: BlockOutcome): outcome is CommittedBlock => outcome !== 'upgraded'),
      catchError(async (error: unknown) => {
        throw (await writer.release(error)).error;
      }),
      finalize(() => {
        void Promise.all([turn, writer.release()]).then(([end]) => {
          end();
          report.notify({ type: 'Released', what });
        });
      }),
    );
  });
};

const orThrow = <A>(result: Either<Error, A>): A => {
  if (result._tag === 'Left') throw result.left;
  return result.right;
};

const isSomething = <A>(value: A | undefined): value is A => value !== undefined;
