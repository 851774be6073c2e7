import type { ObservableInput } from 'rxjs';
import type { Signal } from './Signal.js';

/** The work on each value, as a function. */
export type Projection<T, R> =
  | {
      /** The work on a value. Its results are emitted; the next value waits until it completes. */
      readonly project: (value: T) => ObservableInput<R>;
      /**
       * Whether `project` gets an `AbortSignal`, for work that a signal can stop, such as `fetch` (promise B15). Default
       * `false`: a signal costs a microsecond for each delivery.
       * @see node_modules/rx-event-broker/docs/asynchronous.md#cancelling
       */
      readonly abortable?: false;
    }
  | {
      /** The work on a value, until `signal` is aborted. Its results are emitted; the next value waits until it completes. */
      readonly project: (value: T, signal: Signal) => ObservableInput<R>;
      /** `project` gets a signal. `failAfter` aborts it, and so does unsubscribing from the result. */
      readonly abortable: true;
    };
