import type { Either } from 'fp-ts/lib/Either.js';
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
import { escaped } from '../event/shown.js';
import { reporter } from '../flow/reporter.js';
import type { Source } from '../flow/Source.js';
import { through } from '../operators/through.js';
import { blockRoutes, type AnyBlockSubscriber } from './blockRoutes.js';
import { blockWriter, type Outcome } from './blockWriter.js';
import { checkStoreBlocks } from './checkStoreBlocks.js';
import type { CommittedBlock } from './CommittedBlock.js';
import { storeLease } from './storeLease.js';
import type { StoreBlocksOptions } from './StoreBlocksOptions.js';

/**
 * Stores events, one transaction a block, each block exactly once, and emits a block once it is stored (S1–S11).
 *
 *     source        (b₁ e e)-e-(b₂ e)-e------|     b begins a block, the last e ends it
 *     storeBlocks   ----------1---------2----|     after the commit
 *
 * **Use it** where what you keep must be neither lost nor doubled, whatever dies: the store's progress is part of each
 * block's transaction, so a restart skips what is stored and goes on behind it. Give it the recording from its start, or
 * from any begin-block that is stored.
 *
 * **Order.** Subscribers get the block's time, a transaction is opened, the block is stored; then its events, the
 * begin-block first and the end-block last; then each `flush`, the commit, the refresh of views after an epoch update.
 * One thing at a time; the source is paused from 1024 waiting events on.
 *
 * **Errors.** `BlockOrderError` (S1, S4), `ChainIdError` (S10), `BlockFailedError` (S7: what failed, on which event, and
 * why), `BacklogFullError` for a source without a brake, and what the source errors with, at once. The open block is
 * rolled back before the error is emitted. A source that completes in a block: rolled back, an `OpenBlock` notice,
 * completion (S8). `SlowBlock`: a block is open for more than 2 s; again with its whole time once it is stored (S9). Throws
 * `OptionError`; a mark of `blockMark` that is invalid, such as a height that is no whole number, is one of the stream.
 *
 * **Release.** Unsubscribing lets the operation in flight finish and rolls back; `Released` tells when. A second
 * subscription to the same store waits for that (`Waiting`), so `retry` and `repeat` are safe (L1).
 *
 * **Gotchas.** A block whose commit succeeded may not have been emitted when the program died: compare with the store's
 * progress. A Promise that a subscriber returns and never settles holds the release up for ever.
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
    const lease = storeLease(store);
    const writer = blockWriter(options, routes, report, lease.turn ?? Promise.resolve());
    if (lease.turn !== undefined) report.notify({ type: 'Waiting', what });

    const loaded$ = from(writer.loading).pipe(map(orThrow), ignoreElements());
    // as `backpressure`, but that an event which is done at once costs no Observable
    const outcome$ = through<E, Outcome>({
      operator: 'storeBlocks',
      delivery: { required: true, name: what, scheduler, notices },
      start: event => {
        const outcome = writer.handle(event);
        return outcome === undefined ? undefined : from(outcome).pipe(map(orThrow), filter(isSomething));
      },
      emits: true,
    })(source);
    const finished$ = defer(() => writer.release()).pipe(
      tap(({ open }) => {
        if (open !== undefined) report.notify({ type: 'OpenBlock', ...open });
      }),
      ignoreElements(),
    );

    return concat(merge(loaded$, outcome$), finished$).pipe(
      takeWhile((outcome: Outcome): outcome is CommittedBlock => outcome !== 'upgraded'),
      catchError(async (error: unknown) => {
        throw (await writer.release(error)).error;
      }),
      finalize(() => {
        const end = (): void => {
          lease.end();
          report.notify({ type: 'Released', what });
        };
        void writer.release().then(end, end);
      }),
    );
  });
};

const orThrow = <A>(result: Either<Error, A>): A => {
  if (result._tag === 'Left') throw result.left;
  return result.right;
};

const isSomething = <A>(value: A | undefined): value is A => value !== undefined;
