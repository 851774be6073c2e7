import { left, right, type Either } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { asyncScheduler, lastValueFrom, Subject, takeUntil } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { OptionError } from '../flow/OptionError.js';
import { reporter } from '../flow/reporter.js';
import { isWork, workOf } from '../flow/Work.js';
import { ChainIdError } from '../operators/ChainIdError.js';
import { blockDelivery, type BlockDelivery } from './blockDelivery.js';
import { BlockFailedError, type BlockFailure } from './BlockFailedError.js';
import { blockRoutes, type AnyBlockSubscriber } from './blockRoutes.js';
import { blockState } from './blockState.js';
import { blockSteps, type BlockStep } from './blockSteps.js';
import type { CommittedBlock } from './CommittedBlock.js';
import { andThen, inOrder, type Step } from './inOrder.js';
import { savepoint } from './savepoint.js';
import type { BlockWriterOptions } from './StoreBlocksOptions.js';
import type { StoredBlock } from './StoredBlock.js';

/** What came of an event: a block, or the end of the stream. */
export type Outcome = CommittedBlock | 'upgraded';

export interface BlockWriter<E> {
  /** The store's progress is read, once it is our turn. `handle` waits for it. */
  readonly loading: Promise<Either<Error, void>>;
  /** Takes the next event, once the one before is done; `undefined` where it was done at once. */
  readonly handle: (event: E) => Promise<Either<Error, Outcome | undefined>> | undefined;
  /** Lets the operation in flight finish, then rolls the open block back; gives its height. Nothing happens after it. */
  readonly release: () => Promise<{ readonly height: number; readonly ms: number } | undefined>;
}

interface OpenBlock<E, Tx> {
  readonly tx: Tx;
  readonly height: number;
  readonly since: number;
  readonly delivery: BlockDelivery<E>;
}

/** A block takes too long from here on, in ms (promise S9). */
const SLOW = 2000;

/**
 * The shell around `blockSteps`: does what a step says, one operation at a time.
 *
 * ```text
 *            step           on the store                     of the subscribers
 *  begin     begin    ──►   begin ─► add                     beginBlock (before), next (after)
 *  event     deliver  ──►   (attempt)                        next
 *  end       commit   ──►   commit ─► refreshViews           next, flush (before)
 *            upgrade  ──►                                    onUpgrade
 *  any failure, release ──► rollback
 * ```
 * W1  `open` is set exactly while a transaction of ours is open.
 * W2  One operation is in flight at most: `handle` is called again only after its Promise is done.
 * W3  After `release` no operation begins but the rollback.
 */
export const blockWriter = <E extends AnyEvent, Tx>(
  options: BlockWriterOptions<E, Tx>,
  subscribers: readonly AnyBlockSubscriber<E, Tx>[],
  turn: Promise<void>,
): BlockWriter<E> => {
  const { chainId, store, blockMark, onFailure = 'stop', onUpgrade, scheduler = asyncScheduler, notices } = options;
  const routes = blockRoutes(subscribers);
  const reporters = routes.subscribers.map(({ who }) => reporter<E>(notices, who));
  const released$ = new Subject<void>();
  let state = blockState(undefined, options.firstHeight ?? 1);
  let loaded = false;
  let open: OpenBlock<E, Tx> | undefined;
  let inFlight: Promise<unknown> = turn;
  let released = false;

  const operation =
    <A>(where: BlockFailure, run: () => Promise<A>): TE.TaskEither<Error, A> =>
    () =>
      released
        ? Promise.resolve(left(new Error('released')))
        : TE.tryCatch(run, cause => new BlockFailedError(where, cause))();

  // a Promise cannot be left: it is an operation in flight, and the rollback comes after it
  const wait = (work: unknown): Promise<unknown> =>
    typeof (work as { readonly then?: unknown }).then === 'function'
      ? Promise.resolve(work)
      : lastValueFrom(workOf(work).pipe(takeUntil(released$)), { defaultValue: undefined });

  const fly = <A>(flight: Promise<A>): Promise<A> => {
    inFlight = flight.catch(() => undefined);
    return flight;
  };

  const loading = turn.then(
    pipe(
      operation({ operation: 'progress' }, () => store.progress()),
      TE.map(progress => {
        state = blockState(progress, state.firstHeight);
        loaded = true;
      }),
    ),
  );

  const tellTime = ({ height, time }: StoredBlock): Step | undefined =>
    inOrder(routes.subscribers, ({ who, subscriber }) => {
      try {
        subscriber.beginBlock?.(time);
        return undefined;
      } catch (error) {
        if (onFailure === 'stop')
          return TE.left(new BlockFailedError({ operation: 'beginBlock', height, subscriber: who.name }, error));
        reporters[who.id - 1]?.failed([], error, 1);
        return undefined;
      }
    });

  const begin = (block: StoredBlock): Step | undefined => {
    const { height } = block;
    const since = scheduler.now();
    const began = operation({ operation: 'begin', height }, async () => {
      const tx = await store.begin();
      const delivery = blockDelivery<E, Tx>({
        tx,
        height,
        routes,
        savepoint: onFailure === 'continue' ? savepoint(store, tx) : undefined,
        operation,
        wait,
        announce: ({ who }, events, error) => reporters[who.id - 1]?.failed(events, error, 1),
      });
      open = { tx, height, since, delivery };
    });
    return andThen(began, () => operation({ operation: 'add', height }, () => store.add(open!.tx, block)));
  };

  const commit = (epoch: boolean): Step | undefined => {
    const { tx, height, since } = open!;
    const committed = operation({ operation: 'commit', height }, async () => {
      await store.commit(tx);
      open = undefined;
    });
    const refreshed = andThen(committed, () =>
      epoch ? operation({ operation: 'refreshViews', height }, () => store.refreshViews()) : undefined,
    );
    return andThen(refreshed, () => {
      const ms = scheduler.now() - since;
      if (ms > SLOW) notices?.next({ type: 'SlowBlock', height, ms });
      return undefined;
    });
  };

  const doStep = (step: BlockStep, event: E): Step | undefined => {
    switch (step.do) {
      case 'ignore':
        return undefined;
      case 'deliver':
        return open?.delivery.deliver(event);
      case 'begin':
        return andThen(
          andThen(tellTime(step.block), () => begin(step.block)),
          () => open?.delivery.deliver(event),
        );
      case 'commit':
        return [() => open?.delivery.flush(), () => open?.delivery.settle(), () => commit(step.epoch)].reduce(
          andThen,
          open?.delivery.deliver(event),
        );
      case 'upgrade': {
        const { height } = step;
        return operation({ operation: 'onUpgrade', height }, async () => {
          const result: unknown = onUpgrade?.(chainId, height);
          if (isWork(result)) await wait(result);
        });
      }
    }
  };

  const outcomeOf = (step: BlockStep): Outcome | undefined => {
    if (step.do === 'commit') return { chainId, ...step.block };
    return step.do === 'upgrade' ? 'upgraded' : undefined;
  };

  const take = (event: E): TE.TaskEither<Error, Outcome | undefined> | undefined => {
    const mark = blockMark(event);
    if (!Number.isSafeInteger(mark.height))
      return TE.left(new OptionError('blockMark', 'a height that is a whole number', mark.height));
    if (mark.chainId !== chainId) {
      return TE.left(new ChainIdError(chainId, mark.chainId, `${event.type} at height ${String(mark.height)}`));
    }
    const next = blockSteps(state, mark);
    if (next._tag === 'Left') return TE.left(next.left);
    const { step } = next.right;
    state = next.right.state;
    const task = doStep(step, event);
    return task === undefined
      ? undefined
      : pipe(
          task,
          TE.map(() => outcomeOf(step)),
        );
  };

  return {
    loading: fly(loading),
    handle: event => {
      if (released) return undefined;
      const task = loaded
        ? take(event)
        : pipe(
            () => loading,
            TE.chain(() => take(event) ?? TE.right(undefined)),
          );
      return task === undefined ? undefined : fly(task());
    },
    release: async () => {
      released = true;
      released$.next();
      await inFlight;
      const block = open;
      open = undefined;
      if (block === undefined) return undefined;
      await block.delivery.abandon();
      await TE.tryCatch(() => store.rollback(block.tx), right)();
      return { height: block.height, ms: scheduler.now() - block.since };
    },
  };
};
