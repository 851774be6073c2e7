import type { Observable } from 'rxjs';
import type { Control, ControlOptions } from '../Protocol.js';
import { RxLane } from './RxLane.js';
import type { Stage } from './Stage.js';

/** A slider: its value now, and as it changes. */
export interface ControlValue {
  readonly value: number;
  readonly value$: Observable<number>;
}

/** The module `playground`, as programs import it. */
export interface Playground {
  /** Declares a slider below the program. */
  readonly control: (name: string, options?: ControlOptions) => ControlValue;
  /** A lane of the timeline for a queue of RxJS, which nothing else can see into. */
  readonly lane: (name: string, options?: { readonly drops?: boolean }) => RxLane;
}

export const playgroundOf = (stage: Stage): Playground => ({
  control: (name, { min = 0, max = 100, step = 1, value = min, unit = '' } = {}) => {
    const control: Control = { name, min, max, step, value, unit };
    const { min: least, max: most, step: by, value: first } = control;
    if (![least, most, by, first].every(Number.isFinite) || least >= most || by <= 0 || first < least || first > most) {
      throw new RangeError(`control ${control.name}: expected numbers with min ≤ value ≤ max and step > 0`);
    }
    const value$ = stage.control(control);
    return {
      get value() {
        return value$.value;
      },
      value$: value$.asObservable(),
    };
  },
  lane: (name, { drops = false } = {}) => new RxLane(name, drops, record => stage.record(record)),
});
