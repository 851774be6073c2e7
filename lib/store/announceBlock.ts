import type { AnyEvent } from '../event/AnyEvent.js';
import { right } from '../event/Either.js';
import { isWork } from '../flow/mailbox/Work.js';
import type { BlockRoutes, NumberedSubscriber } from './blockRoutes.js';
import type { StoredBlock } from './blocks.js';
import { inOrder, type Step } from './inOrder.js';
import type { Operations } from './blockOperations.js';
import { failedTask } from './Task.js';

/** Calls `beginBlock` of each subscriber, before the transaction is opened. */
export const announceBlock = <E extends AnyEvent, Tx>(
  { height, time }: StoredBlock,
  context: {
    readonly routes: BlockRoutes<E, Tx>;
    readonly operations: Operations<E>;
    readonly wait: (work: unknown) => Promise<unknown>;
    /** Reports a failure that does not fail the block; absent if it does. */
    readonly report: ((who: NumberedSubscriber<E, Tx>, error: unknown) => void) | undefined;
  },
): Step | undefined => {
  const { routes, operations, wait, report } = context;
  return inOrder(routes.subscribers, one => {
    const where = { operation: 'beginBlock', height, subscriber: one.who.name } as const;
    const failed = (error: unknown): Step | undefined => {
      if (report === undefined) return failedTask(operations.failure(where, error));
      report(one, error);
      return undefined;
    };
    if (operations.isStopped()) return operations.run(where, () => Promise.resolve());
    try {
      const result = one.subscriber.beginBlock?.(time);
      if (!isWork(result)) return undefined;
      const done = wait(result).then(
        () => undefined,
        (error: unknown) => failed(error)?.(),
      );
      return () => done.then(outcome => outcome ?? right(undefined));
    } catch (error) {
      return failed(error);
    }
  });
};
