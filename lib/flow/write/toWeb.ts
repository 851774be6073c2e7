import { EMPTY, from, ignoreElements, type Observable } from 'rxjs';
import { failing } from './failing.js';
import { StreamClosedError } from './StreamClosedError.js';
import type { WritableWork } from './WritableWork.js';

/** The part of a `WritableStream` that is used here, for programs whose types do not have that class. */
export interface WebWritable<T> {
  /** Locks the stream. */
  getWriter(): WebWriter<T>;
}

/** The part of its writer that is used here. */
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
  // the error fails the next write
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
    // the rejection of `close` may be another one: `closed` rejects with the error of the stream
    await writer.close().catch(() => undefined);
    await writer.closed;
  };
  return Object.assign(write, { end: () => (ended ??= finish()) });
};
