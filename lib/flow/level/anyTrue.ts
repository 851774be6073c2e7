import type { Observable } from 'rxjs';
import { currentValue } from './currentValue.js';

/** The logical OR of several levels: `true` while at least one of them is. */
export interface AnyTrue {
  /** The joined level: emits its current value, then its changes. */
  readonly level$: Observable<boolean>;
  readonly value: boolean;
  /** One of the levels became `true`. Each `raise` needs one `lower`. */
  readonly raise: () => void;
  /** One of the levels became `false`. */
  readonly lower: () => void;
  /** Completes `level$`, on `false`. */
  readonly end: () => void;
}

export const anyTrue = (): AnyTrue => {
  const level = currentValue(false, 'a source threw when pause$ changed');
  let raised = 0;
  return {
    level$: level.value$,
    get value() {
      return raised > 0;
    },
    raise: () => level.set(++raised > 0),
    lower: () => level.set(--raised > 0),
    end: () => {
      raised = 0;
      level.set(false);
      level.end();
    },
  };
};
