import { Observable } from 'rxjs';
import { mustEqual } from './LawBrokenError.js';
import { COMPLETED, record } from './record.js';
import { allAtOnce, FEW, inputs, mustBeOutput, type Law, type Trial } from './Trial.js';
import { watched } from './watched.js';

const FIREHOSE = 20_000;

/** An input that is sent from inside an output is neither lost nor out of order. */
const reentrance = <T, R>(trial: Trial<T, R>): void => {
  const { source, input$ } = watched<T>();
  let sent = 0;
  const send = (): void => {
    if (sent < FEW) input$.next(trial.supports.input(sent++));
  };
  const { values, ends } = record(source.pipe(trial.operator), send);
  while (sent < FEW) send();
  trial.flush();
  input$.complete();
  trial.flush();
  mustBeOutput('the output', values, trial, FEW);
  mustEqual('the end', ends, COMPLETED);
};

/** The stack does not grow with the number of synchronous inputs. */
const firehose = <T, R>(trial: Trial<T, R>): void => {
  const count = trial.supports.firehose ?? FIREHOSE;
  const { values, ends } = record(allAtOnce(inputs(trial, count)).pipe(trial.operator));
  trial.flush();
  mustEqual('the end', ends, COMPLETED);
  mustBeOutput('the output', values, trial, count);
};

/** A subscriber can unsubscribe while the source still emits inside `subscribe`. */
const leaving = <T, R>({ operator, supports, flush }: Trial<T, R>): void => {
  let hasLeft = false;
  let unheard = 0;
  const source = new Observable<T>(subscriber => {
    for (let n = 0; n < FEW && !subscriber.closed; n++) {
      if (hasLeft) unheard++;
      subscriber.next(supports.input(n));
    }
  });
  const { values } = record(source.pipe(operator), ({ stop }) => {
    hasLeft = true;
    stop();
  });
  flush();
  mustEqual('values', values.length, 1);
  mustEqual('inputs taken after it was left', unheard, 0);
};

export const pressureLaws: Readonly<Record<string, Law>> = {
  'an input sent from inside an output comes through, in order': reentrance,
  'a synchronous firehose comes through': firehose,
  'a synchronous firehose can be unsubscribed': leaving,
};
