import { Observable, type OperatorFunction } from 'rxjs';
import { firstDifference } from '../marbles/firstDifference.js';
import { mustEqual } from './LawBrokenError.js';
import type { OperatorSupport } from './OperatorUnderTest.js';

/** The test of one operator in virtual time. */
export interface Trial<T, R> {
  readonly operator: OperatorFunction<T, R>;
  readonly supports: OperatorSupport<T, R>;
  /** Lets virtual time pass until nothing is left to do. */
  readonly flush: () => void;
}

export type Law = <T, R>(trial: Trial<T, R>) => void;

/** The number of inputs in most laws. */
export const FEW = 12;

export const inputs = <T, R>({ supports }: Trial<T, R>, count: number): readonly T[] =>
  Array.from({ length: count }, (_, n) => supports.input(n));

/** Emits all inputs within `subscribe`, and completes. */
export const allAtOnce = <T>(values: readonly T[]): Observable<T> =>
  new Observable(subscriber => {
    for (const value of values) {
      if (subscriber.closed) return;
      subscriber.next(value);
    }
    subscriber.complete();
  });

/** Throws unless `values` is the expected output. If the operator may drop values, a subsequence is enough. */
export const mustBeOutput = <T, R>(what: string, values: readonly R[], trial: Trial<T, R>, count: number): void => {
  const all = inputs(trial, count);
  const expected: readonly unknown[] = trial.supports.output?.(all) ?? all;
  if (trial.supports.lossy === true) mustBePart(what, values, expected);
  else mustEqual(what, values, expected);
};

const mustBePart = (what: string, values: readonly unknown[], of: readonly unknown[]): void => {
  let from = 0;
  for (const value of values) {
    while (from < of.length && firstDifference(of[from], value) !== undefined) from++;
    mustEqual(`${what}, a part of it in order`, value, of[from++]);
  }
  mustEqual(`${what}: something of it`, values.length > 0, of.length > 0);
};
