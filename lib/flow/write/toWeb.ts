import { EMPTY, from, ignoreElements, type Observable } from 'rxjs';
import { failing } from './failing.js';
import { StreamClosedError } from './StreamClosedError.js';
import type { WritableWork } from './WritableWork.js';

/** What is used of a `WritableStream`, for programs whose types do not have it. */
export interface WebWritable<T> {
  /** Locks it. */
  getWriter(): WebWriter<T>;
}

/** What is used of its writer. */
export interface WebWriter<T> {
  /** Room in its queue; `null` once it has failed. */
  readonly desiredSize: number | null;
  /** Fulfilled while there is room. */
  readonly ready: Promise<unknown>;
  /** Fulfilled when it is closed; rejected when it fails. */
  readonly closed: Promise<unknown>;
  /** Writes a chunk. */
  write(chunk: T): Promise<unknown>;
  /** Closes it after what was written. */
  close(): Promise<unknown>;
}

/** Writes to a stream of the platform, and locks it. */
export const toWeb = <T>(stream: WebWritable<T>): WritableWork<T> => {
  const writer = stream.getWriter();
  let failure: { readonly error: unknown } | undefined;
  let ended: Promise<void> | undefined;
  // handled: what is written next fails with it
  const fail = (error: unknown): void => {
    failure ??= { error };
  };
  writer.closed.catch(fail);

  const write = (value: T): Observable<never> => {
    const found = failure ?? (ended === undefined ? undefined : { error: new StreamClosedError() });
    if (found !== undefined) return failing(found.error);
    writer.write(value).catch(fail);
    return (writer.desiredSize ?? 0) > 0 ? EMPTY : from(writer.ready).pipe(ignoreElements());
  };
  const finish = async (): Promise<void> => {
    // of one that has failed `closed` says with what
    await writer.close().catch(() => undefined);
    await writer.closed;
  };
  return Object.assign(write, { end: () => (ended ??= finish()) });
};
