import type { Observable, OperatorFunction } from 'rxjs';
import { mustEqual } from './LawBrokenError.js';
import { COMPLETED, record } from './record.js';
import { allAtOnce, FEW, inputs, mustBeOutput, type Law, type Trial } from './Trial.js';
import { watched } from './watched.js';

/** Subscribing to the result subscribes to the source. Any end of the result releases the source. */
const once = <T, R>({ operator, supports, flush }: Trial<T, R>): void => {
  for (const end of ['complete', 'error', 'unsubscribe']) {
    const { source, input$, count } = watched<T>();
    const result$ = source.pipe(operator);
    mustEqual('the source, before a subscription', count(), { subscribed: 0, released: 0 });
    const recording = record(result$);
    mustEqual('the source, while it is used', count(), { subscribed: 1, released: 0 });
    input$.next(supports.input(0));
    if (end === 'complete') input$.complete();
    else if (end === 'error') input$.error(new Error('an end'));
    else recording.stop();
    flush();
    mustEqual(`the source, after ${end}`, count(), { subscribed: 1, released: 1 });
  }
};

/** Unsubscribing inside the handler of a value stops the values and releases the source. */
const earlyUnsubscribe = <T, R>(trial: Trial<T, R>): void => {
  const { source, input$, count } = watched<T>();
  const { values, ends } = record(source.pipe(trial.operator), ({ stop }) => stop());
  for (const input of inputs(trial, FEW)) input$.next(input);
  trial.flush();
  mustEqual('the source', count(), { subscribed: 1, released: 1 });
  for (const input of inputs(trial, FEW)) input$.next(input);
  input$.complete();
  trial.flush();
  mustEqual('values', values.length, 1);
  mustEqual('the end', ends, []);
};

/** State belongs to a subscription: concurrent or successive subscriptions do not affect each other. */
const reuse = <T, R>(trial: Trial<T, R>): void => {
  const sources = [watched<T>(), watched<T>()];
  const results = sources.map(({ source }) => record(source.pipe(trial.operator)));
  for (const input of inputs(trial, FEW)) for (const { input$ } of sources) input$.next(input);
  for (const { input$ } of sources) input$.complete();
  trial.flush();
  for (const { values } of results) mustBeOutput('one of two at a time', values, trial, FEW);

  const result$ = allAtOnce(inputs(trial, FEW)).pipe(trial.operator);
  for (const time of ['first', 'second']) {
    const { values, ends } = record(result$);
    trial.flush();
    mustBeOutput(`the ${time} of two after one another`, values, trial, FEW);
    mustEqual(`the end of the ${time}`, ends, COMPLETED);
  }
};

export const subscriptionLaws: Readonly<Record<string, Law>> = {
  'the source is subscribed once, and released': once,
  'unsubscribing early releases the source': earlyUnsubscribe,
  'each subscription has a state of its own': reuse,
};

/** A notifier is subscribed before the source, and released with it. Its error is the error of the result. */
export const notifierLaw = <T, R>(
  name: string,
  operatorOf: (notifier$: Observable<boolean>) => OperatorFunction<T, R>,
): void => {
  const failure = new Error('of the notifier');
  for (const end of ['complete', 'error', 'unsubscribe', 'error of the notifier']) {
    const opened: string[] = [];
    const notifier = watched<boolean>(() => opened.push(name));
    const source = watched<T>(() => opened.push('source'));
    const { ends, stop } = record(source.source.pipe(operatorOf(notifier.source)));
    mustEqual('the order of subscriptions', opened, [name, 'source']);
    if (end === 'complete') source.input$.complete();
    else if (end === 'error') source.input$.error(new Error('an end'));
    else if (end === 'unsubscribe') stop();
    else notifier.input$.error(failure);
    mustEqual(`${name}, after ${end}`, notifier.count(), { subscribed: 1, released: 1 });
    mustEqual(`the source, after ${end}`, source.count(), { subscribed: 1, released: 1 });
    if (end === 'error of the notifier') mustEqual('the end', ends, [{ kind: 'error', error: failure }]);
  }
};
