import { jest } from '@jest/globals';
import { type NextObserver, type Observable, type Subscription } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import { textOf } from './records.js';

/** What became of a subscription: what it emitted, how it ended, and a promise of the end. */
export interface Watched {
  readonly texts: string[];
  end: 'running' | 'complete' | Error;
  readonly ended: Promise<void>;
  readonly subscription: Subscription;
}

export const watch = (messages$: Observable<Uint8Array>, next?: (text: string) => void): Watched => {
  let settle = () => {};
  const ended = new Promise<void>(resolve => (settle = resolve));
  const watched: { -readonly [K in keyof Watched]?: Watched[K] } & Pick<Watched, 'texts' | 'ended'> = {
    texts: [],
    end: 'running',
    ended,
  };
  const finish = (end: 'complete' | Error) => {
    watched.end = end;
    settle();
  };
  watched.subscription = messages$.subscribe({
    next: message => {
      watched.texts.push(textOf(message));
      next?.(textOf(message));
    },
    error: (error: unknown) => finish(error as Error),
    complete: () => finish('complete'),
  });
  return watched as Watched;
};

/** Runs it to its end. */
export const watchAll = async (messages$: Observable<Uint8Array>): Promise<Watched> => {
  const watched = watch(messages$);
  await watched.ended;
  return watched;
};

/** Notices as they come; `until` waits for the first of a type. */
export const noticeLog = () => {
  const notices: Notice[] = [];
  const waiting: { readonly type: string; readonly resolve: (notice: Notice) => void }[] = [];
  const observer: NextObserver<Notice> = {
    next: notice => {
      notices.push(notice);
      for (const wait of waiting.filter(({ type }) => type === notice.type)) wait.resolve(notice);
    },
  };
  const until = (type: Notice['type']): Promise<Notice> => {
    const there = notices.find(notice => notice.type === type);
    return there === undefined ? new Promise(resolve => waiting.push({ type, resolve })) : Promise.resolve(there);
  };
  return { notices, observer, until };
};

// Files are real time, and a busy machine is slow.
const patience = 30_000;
jest.setTimeout(2 * patience);

/** Waits until it is so. */
export const when = async (isSo: () => boolean): Promise<void> => {
  for (const deadline = Date.now() + patience; !isSo(); await new Promise(resolve => setImmediate(resolve)))
    if (Date.now() > deadline) throw new Error(`never: ${String(isSo)}`);
};

/** Time for what should not happen to happen. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
};
