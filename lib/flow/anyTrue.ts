import { BehaviorSubject, type Observable } from 'rxjs';

/** Levels joined by "any": `true` while at least one of them is. */
export interface AnyTrue {
  /** The joined level: replays its present value, then tells its changes. */
  readonly level$: Observable<boolean>;
  readonly value: boolean;
  /** One of the levels rose or fell; each reports its changes only. */
  change(level: boolean): void;
  /** Completes `level$`, on `false`. */
  end(): void;
}

export const anyTrue = (): AnyTrue => {
  let raised = 0;
  let telling = false;
  const level = new BehaviorSubject(false);
  // A change made while one is being told is told afterwards: nested, later listeners would hear them in reverse.
  const tell = () => {
    if (telling) return;
    telling = true;
    while (level.value !== raised > 0) level.next(raised > 0);
    telling = false;
  };
  return {
    level$: level.asObservable(),
    get value() {
      return raised > 0;
    },
    change: up => {
      raised += up ? 1 : -1;
      tell();
    },
    end: () => {
      raised = 0;
      tell();
      level.complete();
    },
  };
};
