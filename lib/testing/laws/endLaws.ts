import { config, EMPTY, NEVER, throwError } from 'rxjs';
import { mustEqual } from './LawBrokenError.js';
import { COMPLETED, record, type End } from './record.js';
import { FEW, inputs, mustBeOutput, type Law, type Trial } from './Trial.js';
import { watched } from './watched.js';

const empty = <T, R>({ operator, flush }: Trial<T, R>): void => {
  const { values, ends } = record(EMPTY.pipe(operator));
  flush();
  mustEqual('of an empty source', { values, ends }, { values: [], ends: COMPLETED });
};

const never = <T, R>({ operator, flush }: Trial<T, R>): void => {
  const { values, ends } = record(NEVER.pipe(operator));
  flush();
  mustEqual('of a silent source', { values, ends }, { values: [], ends: [] });
};

const completion = <T, R>(trial: Trial<T, R>): void => {
  const { values, ends } = run(trial, input$ => input$.complete());
  mustBeOutput('the output', values, trial, FEW);
  mustEqual('the end', ends, COMPLETED);
};

const error = <T, R>(trial: Trial<T, R>): void => {
  const failure = new Error('of the source');
  const atOnce = record(throwError(() => failure).pipe(trial.operator));
  trial.flush();
  const later = run(trial, input$ => input$.error(failure));
  for (const { ends } of [atOnce, later]) {
    mustEqual('the end', ends, [{ kind: 'error', error: failure }]);
    mustEqual('it is the error of the source', errorOf(ends) === failure, true);
  }
};

/** The operator sends no value and no error after the end, although RxJS would ignore them. */
const silence = <T, R>(trial: Trial<T, R>): void => {
  const before = config.onStoppedNotification;
  const said: { readonly kind: string; readonly to: unknown }[] = [];
  config.onStoppedNotification = ({ kind }, to) => {
    said.push({ kind, to });
  };
  try {
    const results = [run(trial, input$ => input$.complete()), run(trial, input$ => input$.error(new Error('an end')))];
    const heard = said.filter(({ kind, to }) => kind !== 'C' && results.some(({ subscriber }) => subscriber === to));
    mustEqual('values and errors after the end', heard.length, 0);
  } finally {
    config.onStoppedNotification = before;
  }
};

const run = <T, R>(trial: Trial<T, R>, end: (input$: ReturnType<typeof watched<T>>['input$']) => void) => {
  const { source, input$ } = watched<T>();
  const result = record(source.pipe(trial.operator));
  for (const input of inputs(trial, FEW)) input$.next(input);
  end(input$);
  trial.flush();
  return result;
};

const errorOf = ([end]: readonly End[]): unknown => (end?.kind === 'error' ? end.error : undefined);

export const endLaws: Readonly<Record<string, Law>> = {
  'an empty source gives an empty result': empty,
  'a silent source gives a silent result': never,
  'all outputs come, then completion': completion,
  'an error goes through': error,
  'nothing comes after the end': silence,
};
