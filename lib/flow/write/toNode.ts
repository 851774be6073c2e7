import { EMPTY, Observable } from 'rxjs';
import { failing } from './failing.js';
import { StreamClosedError } from './StreamClosedError.js';
import type { WritableWork } from './WritableWork.js';

/** The part of a Node `Writable` that is used here. */
export interface NodeWritable {
  /** Writes a chunk. Returns `false` when its buffer is full. */
  write(chunk: never): boolean;
  /** Ends the stream. */
  end(): unknown;
  /** Adds a listener. */
  on(event: string, listener: (error: unknown) => void): unknown;
  /** Removes a listener. */
  off(event: string, listener: (error: unknown) => void): unknown;
  /** Whether the stream was destroyed. */
  readonly destroyed?: boolean;
  /** The error that it was destroyed with. */
  readonly errored?: unknown;
  /** Whether `end` was called. */
  readonly writableEnded?: boolean;
  /** Whether everything is written. */
  readonly writableFinished?: boolean;
  /** Whether its buffer is full. */
  readonly writableNeedDrain?: boolean;
}

type Failure = { readonly error: unknown } | undefined;

/** Writes to a Node stream. From now on an error of the stream fails a write instead of ending the process. */
export const toNode = <T>(stream: NodeWritable): WritableWork<T> => {
  let failure: Failure;
  let isClosed = false;
  let ended: Promise<void> | undefined;
  stream.on('error', error => {
    failure ??= { error };
  });
  stream.on('close', () => {
    isClosed = true;
  });
  const failed = (): Failure =>
    failure ??
    (stream.errored === undefined || stream.errored === null ? undefined : { error: stream.errored }) ??
    (isClosed || stream.destroyed === true ? { error: new StreamClosedError() } : undefined);

  /** Completes at an event of the stream; errors if the stream fails or closes first. */
  const until = (event: string, isThere: () => boolean): Observable<never> =>
    new Observable(subscriber => {
      const found = failed();
      if (isThere()) subscriber.complete();
      else if (found !== undefined) subscriber.error(found.error);
      const listeners = {
        [event]: () => subscriber.complete(),
        error: (error: unknown) => subscriber.error(error),
        close: () => subscriber.error(new StreamClosedError()),
      };
      if (subscriber.closed) return;
      for (const [name, listener] of Object.entries(listeners)) stream.on(name, listener);
      subscriber.add(() => {
        for (const [name, listener] of Object.entries(listeners)) stream.off(name, listener);
      });
    });

  const write = (value: T): Observable<never> => {
    const found = failed() ?? (stream.writableEnded === true ? { error: new StreamClosedError() } : undefined);
    if (found !== undefined) return failing(found.error);
    return stream.write(value as never)
      ? EMPTY
      : until('drain', () => stream.writableNeedDrain === false && failed() === undefined);
  };
  const finish = (): Promise<void> =>
    new Promise((resolve, reject) => {
      until('finish', () => stream.writableFinished === true).subscribe({ complete: resolve, error: reject });
      stream.end();
    });
  return Object.assign(write, { end: () => (ended ??= finish()) });
};
