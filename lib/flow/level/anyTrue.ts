import { Observable, type Subscriber } from 'rxjs';
import { writeError } from '../reporter.js';

/** Levels joined by "any": `true` while at least one of them is. */
export interface AnyTrue {
  /** The joined level: emits its current value, then its changes. */
  readonly level$: Observable<boolean>;
  readonly value: boolean;
  /** One of the levels became `true`. Each one is raised and lowered in turn. */
  readonly raise: () => void;
  /** One of the levels became `false`. */
  readonly lower: () => void;
  /** Completes `level$`, on `false`. */
  readonly end: () => void;
}

/**
 * Resuming a source can make it emit, which can pause it again inside the same call. So changes are delivered immediately,
 * and each listener gets the current value only if it differs from the last one it saw. A Subject would give later
 * listeners the older value last.
 */
export const anyTrue = (): AnyTrue => {
  const listeners = new Map<Subscriber<boolean>, boolean>();
  let raised = 0;
  let hasEnded = false;
  // a listener that throws stops neither the others nor the code that changes the level
  const publish = (): void => {
    for (const listener of [...listeners.keys()]) {
      const isRaised = raised > 0;
      try {
        if (listeners.has(listener) && listeners.get(listener) !== isRaised) {
          listeners.set(listener, isRaised);
          listener.next(isRaised);
        }
        if (hasEnded) listener.complete();
      } catch (error) {
        writeError('a source threw when pause$ changed', error);
      }
    }
  };
  return {
    level$: new Observable(listener => {
      const isRaised = raised > 0;
      listeners.set(listener, isRaised);
      listener.add(() => listeners.delete(listener));
      listener.next(isRaised);
      if (hasEnded) listener.complete();
    }),
    get value() {
      return raised > 0;
    },
    raise: () => {
      raised++;
      publish();
    },
    lower: () => {
      raised--;
      publish();
    },
    end: () => {
      raised = 0;
      hasEnded = true;
      publish();
    },
  };
};
