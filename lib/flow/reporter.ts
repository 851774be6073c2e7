import type { NextObserver } from 'rxjs';
import { escaped, shown, shownError } from '../event/shown.js';
import { catchRejection } from './catchRejection.js';
import type { Notice, Who } from './contract/Notice.js';

/** Where notices go. It never throws. */
export type Notify<E = unknown> = (notice: Notice<E>) => void;

/**
 * Gives notices to an observer of the user. If the observer throws, that is written to the console, once, and the caller
 * goes on (promise B10).
 */
export const notifier = <E>(notices: NextObserver<Notice<E>> | undefined): Notify<E> => {
  if (notices === undefined) return () => undefined;
  // an `async` function is one that returns nothing, for the types
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
 * Where notices go. A failure that ends nothing and that nobody observes is written to `console.error`, once
 * (promise B10): nothing is lost silently.
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

/** A Subject says whether anybody listens; any other observer does. */
export const isObserved = (notices: object | undefined): boolean =>
  notices !== undefined && (notices as { readonly observed?: unknown }).observed !== false;

/** Writes an error that reaches nobody else. Never throws: consoles are replaced, and errors cannot always be printed. */
export const writeError = (what: string, error: unknown): void => {
  const words = `rx-event-broker: ${escaped(what)}`;
  try {
    console.error(words, error);
  } catch {
    try {
      console.error(words, shownError(error));
    } catch {
      // there is no console that works
    }
  }
};

/** The name that a user gave, as text, or `otherwise`. Any value can be shown. */
export const nameOf = (name: unknown, otherwise: string): string =>
  name === undefined ? otherwise : typeof name === 'string' ? name : shown(name);
