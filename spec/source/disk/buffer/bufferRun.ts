import { concat, from, NEVER, Observable, type Subscription } from 'rxjs';
import type { Notice } from '../../../../lib/flow/contract/Notice.js';
import type { Settlement } from '../../../../lib/flow/contract/Settlement.js';
import type { Source } from '../../../../lib/flow/contract/Source.js';
import { bufferOptions, type BufferOnDiskOptions } from '../../../../lib/source/disk/buffer/bufferOptions.js';
import { DiskBuffer } from '../../../../lib/source/disk/buffer/DiskBuffer.js';
import type { FileSystem } from '../../../../lib/source/disk/buffer/fileSystem/FileSystem.js';
import { fromFeed } from '../../../../lib/source/disk/fromFeed.js';
import { bytesOf, textOf } from '../records.js';

export const directory = '/buffer';

/** Time for some of what needs no more than Promises. */
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

/** Waits until nothing happens: on a disk in memory a run ends, or waits forever. */
export const drained = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** What was seen from outside. */
export interface Run {
  /** Texts given, in order. */
  readonly given: string[];
  /** Numbers of texts of this run that were said to be on the disk, counted by Lag notices. */
  promised: number;
  readonly notices: Notice[];
  end: 'running' | 'complete' | Error;
  readonly subscription: Subscription;
}

export const bufferRun = (
  files: FileSystem,
  source: Source<Uint8Array>,
  options: Partial<BufferOnDiskOptions> = {},
  next: (text: string, run: Run) => void = () => {},
  pause$: Observable<boolean> = NEVER,
  settlement?: Settlement,
): Run => {
  const run: Run = { given: [], promised: 0, notices: [], end: 'running', subscription: undefined as never };
  const notices = {
    next: (notice: Notice) => {
      run.notices.push(notice);
      if (notice.type === 'Lag') run.promised = Math.max(run.promised, run.given.length + notice.events);
    },
  };
  const checked = bufferOptions({ directory, eventsPerFile: 8, sync: 'always', ...options, notices });
  const subscription = fromFeed(() => new DiskBuffer(source, checked, files, settlement), {
    what: directory,
    notices,
    pause$,
  }).subscribe({
    next: message => {
      run.given.push(textOf(message));
      next(textOf(message), run);
    },
    error: (error: unknown) => (run.end = error as Error),
    complete: () => (run.end = 'complete'),
  });
  return Object.assign(run, { subscription });
};

/** Emits texts, some at a time, with time between them. */
export const trickle = (texts: readonly string[], atOnce: number): Observable<Uint8Array> =>
  new Observable(subscriber => {
    const emit = async () => {
      for (let at = 0; at < texts.length && !subscriber.closed; at += atOnce) {
        for (const text of texts.slice(at, at + atOnce)) subscriber.next(bytesOf(text));
        await turns(60);
      }
      subscriber.complete();
    };
    void emit();
  });

/** Texts, and then nothing: it does not complete. */
export const open = (texts: readonly string[]): Observable<Uint8Array> => concat(from(texts.map(bytesOf)), NEVER);
