import { asyncScheduler } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { right, type Either } from '../event/Either.js';
import { reporter } from '../flow/reporter.js';
import { isWork } from '../flow/mailbox/Work.js';
import { ChainIdError } from '../operators/ChainIdError.js';
import { announceBlock } from './announceBlock.js';
import { badRowOf } from './badRowOf.js';
import { blockDelivery, type BlockDelivery, type DeliveryContext } from './blockDelivery.js';
import { BlockFailedError, eventInWords } from './errors.js';
import type { BlockRoutes, NumberedSubscriber } from './blockRoutes.js';
import { blockState } from './blockState.js';
import { blockSteps, type BlockStep } from './blockSteps.js';
import { checkedProgress } from './progress.js';
import type { CommittedBlock, StoredBlock } from './blocks.js';
import { andThen, type Step } from './inOrder.js';
import { markOf } from './markOf.js';
import { blockOperations } from './blockOperations.js';
import { savepoint } from './savepoint.js';
import { slowBlocks } from './slowBlocks.js';
import type { BlockWriterOptions } from './StoreBlocksOptions.js';
import { failedTask, type Task } from './Task.js';
import { waiting } from './waiting.js';
import { waitReport } from './waitReport.js';

/** The result of an event: a stored block, or the end of the stream. */
export type BlockOutcome = CommittedBlock | 'upgraded';

/** The result of releasing a writer. */
export interface Released {
  /** The block that was open and was rolled back. */
  readonly open?: { readonly height: number; readonly ms: number };
  /** The reason for the release. If this writer failed and the rollback failed as well, the error includes both. */
  readonly error: unknown;
}

export interface BlockWriter<E> {
  /** Reads the store's progress when it is this writer's turn. `handle` waits for it. */
  readonly loading: Promise<Either<Error, void>>;
  /** Takes the next event. Call it after the previous event has finished. `undefined` if it finished synchronously. */
  readonly handle: (event: E) => Promise<Either<Error, BlockOutcome | undefined>> | undefined;
  /** Whether a source that restarts with the next event would bring this writer into the same state. */
  readonly isBetweenBlocks: () => boolean;
  /**
   * Lets the operation in flight finish, then rolls the open block back. Nothing happens afterwards. Never rejects. A
   * second call returns the result of the first one.
   */
  readonly release: (error?: unknown) => Promise<Released>;
}

interface OpenBlock<E, Tx> {
  readonly tx: Tx;
  readonly height: number;
  readonly delivery: BlockDelivery<E>;
}

/**
 * Carries out the steps of `blockSteps`, one operation at a time.
 *
 * ```text
 *            step           on the store                     of the subscribers
 *  begin     begin    ──►   begin ─► add                     beginBlock (before), next (after)
 *  event     deliver  ──►   (attempt)                        next
 *  end       commit   ──►   commit ─► refreshViews           next, flush (before)
 *            upgrade  ──►                                    onUpgrade
 *  any failure, release ──► rollback
 * ```
 * 1. `open` is set exactly while a transaction of this writer is open.
 * 2. At most one operation is in flight: `handle` is called again only after its Promise has settled.
 * 3. After `release` no operation begins except the rollback, and no subscriber is called.
 * 4. Work that a subscriber has begun is waited for, even if that subscriber caused the release.
 */
export const blockWriter = <E extends AnyEvent, Tx>(
  options: BlockWriterOptions<E, Tx>,
  routes: BlockRoutes<E, Tx>,
  report: ReturnType<typeof reporter<E>>,
  turn: Promise<unknown>,
): BlockWriter<E> => {
  const { chainId, store, blockMark, onFailure, onUpgrade, scheduler = asyncScheduler, notices } = options;
  const reporters = routes.subscribers.map(({ who }) => reporter<E>(notices, who));
  const { wait, leave } = waiting(error => report.failed([], error, 1));
  const doesContinue = onFailure === 'continue';
  const reportFailure: DeliveryContext<E, Tx>['reportFailure'] = ({ who }, events, error) =>
    reporters[who.id - 1]?.failed(events, error, 1);
  const clock = slowBlocks(scheduler, report.notify);
  const reportWait = waitReport(chainId, scheduler, report.notify);
  const operations = blockOperations<E>();
  const announcing = {
    routes,
    operations,
    wait: (work: unknown) => reportWait('beginBlock', () => wait(work)),
    report: doesContinue
      ? (who: NumberedSubscriber<E, Tx>, error: unknown) => reportFailure(who, [], error)
      : undefined,
  };
  let state = blockState(undefined, options.firstHeight ?? 1);
  let isLoaded = false;
  let open: OpenBlock<E, Tx> | undefined;
  let received = 0;
  let inFlight: Promise<unknown> = turn;
  let releasing: Promise<Released> | undefined;

  const fly = <A>(flight: Promise<A>): Promise<A> => {
    inFlight = flight.catch(() => undefined);
    return flight;
  };

  const isBadRow = badRowOf(store);
  const loading = turn.then(
    operations.run({ operation: 'progress' }, async () => {
      const progress = await reportWait('its progress', async () => store.progress());
      state = blockState(checkedProgress(progress), state.firstHeight);
      isLoaded = true;
    }),
  );

  const begin = (block: StoredBlock): Step | undefined => {
    const { height } = block;
    const began = operations.run({ operation: 'begin', height }, async () => {
      clock.start(height);
      const tx = await store.begin();
      const delivery = blockDelivery<E, Tx>({
        tx,
        height,
        routes,
        savepoint: doesContinue ? savepoint(store, tx) : undefined,
        operations,
        wait,
        isBadRow,
        reportFailure,
      });
      open = { tx, height, delivery };
    });
    return andThen(began, () => operations.run({ operation: 'add', height }, async () => store.add(open!.tx, block)));
  };

  const commit = (epoch: boolean): Step | undefined => {
    const { tx, height } = open!;
    const committed = operations.run({ operation: 'commit', height }, async () => {
      await store.commit(tx, received);
      open = undefined;
    });
    const refreshed = andThen(committed, () =>
      epoch ? operations.run({ operation: 'refreshViews', height }, async () => store.refreshViews()) : undefined,
    );
    return andThen(refreshed, () => {
      clock.stop();
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
          andThen(announceBlock(step.block, announcing), () => begin(step.block)),
          () => open?.delivery.deliver(event),
        );
      case 'commit':
        return [() => open?.delivery.flush(), () => open?.delivery.settle(), () => commit(step.epoch)].reduce(
          andThen,
          open?.delivery.deliver(event),
        );
      case 'upgrade':
        return operations.run({ operation: 'onUpgrade', height: step.height }, async () => {
          const result: unknown = onUpgrade?.(chainId, step.height);
          if (isWork(result)) await reportWait('onUpgrade', () => wait(result));
        });
    }
  };

  const outcomeOf = (step: BlockStep): BlockOutcome | undefined => {
    if (step.do === 'commit') return { chainId, ...step.block };
    return step.do === 'upgrade' ? 'upgraded' : undefined;
  };

  const take = (event: E): Task<BlockOutcome | undefined> | undefined => {
    const mark = markOf(blockMark, event);
    if (mark.chainId !== chainId)
      return failedTask(new ChainIdError(chainId, mark.chainId, `${eventInWords(event)} at height ${mark.height}`));
    const next = blockSteps(state, mark, event.type);
    if (next._tag === 'Left') return failedTask(next.left);
    const { step } = next.right;
    state = next.right.state;
    operations.setEvent(event);
    const task = doStep(step, event);
    if (task === undefined) return undefined;
    return async () => {
      const done = await task();
      return done._tag === 'Left' ? done : right(outcomeOf(step));
    };
  };

  const afterLoading: (event: E) => ReturnType<Task<BlockOutcome | undefined>> = async event => {
    const loaded = await loading;
    return loaded._tag === 'Left' ? loaded : (take(event)?.() ?? right(undefined));
  };

  /** Rolls the open block back, and returns what to report about it. */
  const giveUp = async (error: unknown): Promise<Released> => {
    const ms = clock.cancel();
    await inFlight;
    const block = open;
    open = undefined;
    if (block === undefined) return { error };
    const { tx, height, delivery } = block;
    await delivery.abandon();
    try {
      await store.rollback(tx);
      return { error, open: { height, ms } };
    } catch (cause) {
      const whole = operations.isLastFailure(error) ? new BlockFailedError(error, error.cause, { cause }) : error;
      report.failed([], operations.failure({ operation: 'rollback', height }, cause), 1, whole !== error);
      return { error: whole, open: { height, ms } };
    }
  };

  return {
    loading: fly(loading),
    handle: event => {
      if (operations.isStopped()) return undefined;
      received++;
      if (!isLoaded) return fly(afterLoading(event));
      const task = take(event);
      return task === undefined ? undefined : fly(task());
    },
    isBetweenBlocks: () => open === undefined && state.phase.at !== 'open' && !state.snapshotTaken,
    release: error => {
      if (releasing !== undefined) return releasing;
      // Set before any other code is called, since that code may call `release` as well.
      operations.stop();
      releasing = Promise.resolve().then(() => reportWait('its release', () => giveUp(error)));
      leave();
      return releasing;
    },
  };
};
