import { randomBytes } from 'node:crypto';
import { asyncScheduler } from 'rxjs';
import { after } from '../../flow/clock.js';
import { checkOption, needed, type Check } from '../../flow/contract/options.js';
import type { PositionStore } from '../../flow/contract/PositionStore.js';
import type { KeyValue } from '../KeyValue.js';
import { aBucket } from '../streamNames.js';
import { PositionConflictError } from './PositionConflictError.js';

const aKey: Check = {
  expected: 'a key: letters, digits and - _ = . /',
  allows: value => typeof value === 'string' && /^[-/_=.a-zA-Z0-9]+$/.test(value),
};

/** The delay before a retry, in ms. */
const RETRY = 250;

/**
 * Keeps the position of a source in a JetStream KV bucket. Delivery is at least once.
 *
 * The position is written by compare-and-set: the revision must be the one that was read or written last. If another process
 * has written it, that is an error, and this process stops writing. While the server is unavailable, reads and writes are
 * retried. After the source was unsubscribed, the last write is retried for at most 10 s.
 *
 * **Errors.** `PositionConflictError`, and errors of the bucket. `OptionError` is thrown by the call.
 *
 * @param bucket - A bucket of `@nats-io/kv`. It needs no history.
 * @param key - The key of this position. Each source needs its own key.
 * @example
 * ```ts
 * const bucket = await new Kvm(connection).create('positions');
 * const position = kvPosition(bucket, 'orders.ledger');
 * ```
 * @see node_modules/rx-event-broker/docs/sources/jetstream.md
 */
export const kvPosition = (bucket: KeyValue, key: string): PositionStore => {
  checkOption('bucket', bucket, needed(aBucket));
  checkOption('key', key, needed(aKey));
  // stored with the position, so that a process can tell its own write from an equal one of another process
  const writer = randomBytes(6).toString('hex');
  /** The revision that was read or written last. 0 if nothing is stored. */
  let revision: number | undefined;

  const lastEntry = async (): Promise<{ readonly revision: number; readonly text: string | undefined }> => {
    const entry = await bucket.get(key);
    const text = entry?.operation === 'PUT' ? new TextDecoder().decode(entry.value) : undefined;
    return { revision: entry?.revision ?? 0, text };
  };

  const write = async (text: string, expected: number, signal: AbortSignal | undefined): Promise<number> => {
    const data = new TextEncoder().encode(text);
    try {
      return await (expected === 0 ? bucket.create(key, data) : bucket.update(key, data, expected));
    } catch (error) {
      if (!isConflict(error) && !isPassing(error)) throw error;
      // the answer may have been lost: only the stored value says whether this write succeeded
      if (!isConflict(error)) await patience(signal);
      const last = await untilAnswered(lastEntry, signal);
      if (last.text === text) return last.revision;
      if (last.revision !== expected) throw new PositionConflictError(key, expected, error);
      return write(text, expected, signal);
    }
  };

  return {
    read: async signal => {
      const last = await untilAnswered(lastEntry, signal);
      revision = last.revision;
      return last.text?.split('\n')[0];
    },
    write: async (position, signal) => {
      if (revision === undefined) throw new Error(`position ${key}: call read() before write()`);
      revision = await write(`${position}\n${writer}`, revision, signal);
    },
  };
};

/** Waits before the next try. Rejects if the signal is aborted. */
const patience = async (signal: AbortSignal | undefined): Promise<void> => {
  signal?.throwIfAborted();
  await new Promise<void>(resolve => {
    const timer = after(asyncScheduler, RETRY, () => timer.unsubscribe());
    const hurry = (): void => timer.unsubscribe();
    timer.add(() => signal?.removeEventListener('abort', hurry));
    timer.add(resolve);
    signal?.addEventListener('abort', hurry);
  });
  signal?.throwIfAborted();
};

/** Retries `ask` while the server is unavailable. */
const untilAnswered = async <T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await patience(signal);
    }
  }
};

/** JetStream's codes for a wrong last revision. */
const isConflict = (error: unknown): boolean => [10_071, 10_164].includes((error as { code?: number }).code ?? 0);

/** Whether the error is temporary, by the error names of the NATS clients. */
const isPassing = (error: unknown): boolean => {
  const { name, status, cause } = error as { name?: string; status?: number; cause?: unknown };
  if (
    name === 'TimeoutError' ||
    name === 'NoResponders' ||
    name === 'NoRespondersError' ||
    name === 'JetStreamNotEnabled'
  )
    return true;
  if (typeof status === 'number' && status >= 500) return true;
  return cause !== undefined && cause !== null && isPassing(cause);
};
