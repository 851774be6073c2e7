import type { NextObserver } from 'rxjs';
import { escaped, shown, shownError } from '../event/shown.js';
import { catchRejection } from './catchRejection.js';
import type { Notice, Who } from './contract/Notice.js';

/** Emits a notice. Never throws. */
export type Notify<E = unknown> = (notice: Notice<E>) => void;

/**
 * Passes notices to an observer of the user. The first time that the observer throws or rejects, the error is written to
 * the console. The caller never sees it (promise B10).
 */
export const notifier = <E>(notices: NextObserver<Notice<E>> | undefined): Notify<E> => {
  if (notices === undefined) return () => undefined;
  // `next` returns `unknown` here: an `async` function is assignable to one that returns `void`
  const observer = notices as { next(notice: Notice<E>): unknown };
  let wasWritten = false;
  const write = (what: string, error: unknown): void => {
    if (!wasWritten) writeError(`an observer of notices ${what}`, error);
    wasWritten = true;
  };
  return notice => {
    try {
      catchRejection(observer.next(notice), error => write(`rejected after ${notice.type}`, error));
    } catch (error) {
      write(`threw at ${notice.type}`, error);
    }
  };
};

/**
 * Passes notices to an observer, and reports failures. The first failure that reaches neither an observer nor a caller is
 * written to `console.error` (promise B10: nothing is lost silently). `heard`: a caller receives the error.
 */
export const reporter = <E>(notices: NextObserver<Notice<E>> | undefined, who: Who) => {
  const notify = notifier(notices);
  let wasWritten = false;
  return {
    notify,
    failed: (events: readonly E[], error: unknown, attempts: number, heard = false): void => {
      const wasObserved = isObserved(notices);
      notify({ type: 'Failed', subscriber: who, events, error, attempts });
      if (wasObserved || heard || wasWritten) return;
      wasWritten = true;
      writeError(`${who.name} failed, and nobody observes its notices`, error);
    },
  };
};

/** Whether notices reach anybody. A Subject knows whether it has observers; any other observer counts as one. */
export const isObserved = (notices: object | undefined): boolean =>
  notices !== undefined && (notices as { readonly observed?: unknown }).observed !== false;

/** Writes an error that reaches nobody else. Never throws, even if the console does, or the error cannot be printed. */
export const writeError = (what: string, error: unknown): void => {
  const words = `rx-event-broker: ${escaped(what)}`;
  try {
    console.error(words, error);
  } catch {
    try {
      console.error(words, shownError(error));
    } catch {
      // no console works
    }
  }
};

/** The name that a user gave, as text, or `otherwise`. Accepts any value: JavaScript callers may pass one. */
export const nameOf = (name: unknown, otherwise: string): string =>
  name === undefined ? otherwise : typeof name === 'string' ? name : shown(name);
