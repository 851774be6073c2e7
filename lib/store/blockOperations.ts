import { left } from '../event/Either.js';
import { BlockFailedError, type BlockFailure } from './errors.js';
import { tryTask, type Task } from './Task.js';

/** Runs a writer's operations on its store. Errors say what failed and on which event. After `stop` nothing begins. */
export interface Operations<E> {
  /** Runs an operation, unless the writer was stopped. */
  readonly run: <A>(where: BlockFailure, operation: () => Promise<A>) => Task<A>;
  /** The error of an operation that failed. */
  readonly failure: (where: BlockFailure, cause: unknown) => BlockFailedError;
  /** Whether `error` is the last one that `failure` returned. */
  readonly isLastFailure: (error: unknown) => error is BlockFailedError;
  /** The event that the following operations are about. */
  readonly setEvent: (event: E) => void;
  readonly stop: () => void;
  readonly isStopped: () => boolean;
}

export const blockOperations = <E extends NonNullable<BlockFailure['event']>>(): Operations<E> => {
  let current: E | undefined;
  let lastFailure: BlockFailedError | undefined;
  let isStopped = false;

  const failure = (where: BlockFailure, cause: unknown): BlockFailedError =>
    (lastFailure = new BlockFailedError(current === undefined ? where : { event: current, ...where }, cause));

  return {
    run: (where, operation) => () =>
      isStopped ? Promise.resolve(left(new Error('released'))) : tryTask(operation, cause => failure(where, cause))(),
    failure,
    isLastFailure: (error): error is BlockFailedError => lastFailure !== undefined && error === lastFailure,
    setEvent: event => {
      current = event;
    },
    stop: () => {
      isStopped = true;
    },
    isStopped: () => isStopped,
  };
};
