import { Observable, type Subscriber } from 'rxjs';
import { writeError } from '../reporter.js';

/** A value that changes, with followers. */
export interface CurrentValue<T> {
  /** Emits its current value, then its changes. */
  readonly value$: Observable<T>;
  readonly value: T;
  readonly set: (value: T) => void;
  /** Completes `value$`. */
  readonly end: () => void;
}

/**
 * A follower may change the value inside its notification: a source that is resumed emits, and is paused again inside the
 * same call. So changes are delivered immediately, and each follower gets the current value only if it differs from the
 * last one it saw. With a Subject, later followers would get the older value last.
 *
 * A follower that throws stops neither the others nor the code that changes the value.
 */
export const currentValue = <T>(first: T, what: string): CurrentValue<T> => {
  const followers = new Map<Subscriber<T>, T>();
  let value = first;
  let hasEnded = false;
  const publish = (): void => {
    for (const follower of [...followers.keys()]) {
      try {
        if (followers.has(follower) && followers.get(follower) !== value) {
          followers.set(follower, value);
          follower.next(value);
        }
        if (hasEnded) follower.complete();
      } catch (error) {
        writeError(what, error);
      }
    }
  };
  return {
    value$: new Observable(follower => {
      followers.set(follower, value);
      follower.add(() => followers.delete(follower));
      follower.next(value);
      if (hasEnded) follower.complete();
    }),
    get value() {
      return value;
    },
    set: next => {
      value = next;
      publish();
    },
    end: () => {
      hasEnded = true;
      publish();
    },
  };
};
