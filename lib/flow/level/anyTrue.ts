import { Observable, type Subscriber } from 'rxjs';
import { writeError } from '../reporter.js';

/** Levels joined by "any": `true` while at least one of them is. */
export interface AnyTrue {
  /** The joined level: replays its present value, then tells its changes. */
  readonly level$: Observable<boolean>;
  readonly value: boolean;
  /** One of the levels rose or fell; each reports its changes only. */
  readonly change: (level: boolean) => void;
  /** Completes `level$`, on `false`. */
  readonly end: () => void;
}

/**
 * A source that is told to go on emits, and so is told to stop, inside that very call. So a change is told at once, and
 * whoever is told is told the value of that instant, if it is news to him: a Subject would tell later listeners the
 * older value last.
 */
export const anyTrue = (): AnyTrue => {
  const listeners = new Map<Subscriber<boolean>, boolean>();
  let raised = 0;
  let ended = false;
  const tell = (): void => {
    for (const listener of [...listeners.keys()]) {
      const now = raised > 0;
      if (listener.closed || listeners.get(listener) === now) continue;
      listeners.set(listener, now);
      isolated(() => {
        listener.next(now);
      });
    }
  };
  return {
    level$: new Observable(listener => {
      const now = raised > 0;
      listeners.set(listener, now);
      listener.add(() => listeners.delete(listener));
      listener.next(now);
      if (ended) listener.complete();
    }),
    get value() {
      return raised > 0;
    },
    change: up => {
      raised += up ? 1 : -1;
      tell();
    },
    end: () => {
      raised = 0;
      ended = true;
      tell();
      for (const listener of [...listeners.keys()])
        isolated(() => {
          listener.complete();
        });
    },
  };
};

/** A listener that throws keeps neither the others from being told, nor what changes the level from going on. */
const isolated = (tell: () => void): void => {
  try {
    tell();
  } catch (error) {
    writeError('a source threw when pause$ changed', error);
  }
};
